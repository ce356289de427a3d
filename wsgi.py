"""What a web server and `flask` load. A refused configuration ends with its sentence, not with a stack trace."""

import sys

from tracker import create_app
from tracker.commands.rehearsal import refuse_wrong_world
from tracker.errors import ConfigError

try:
    app = create_app()
    refuse_wrong_world(app)
except ConfigError as error:
    sys.exit(error.sentence)
