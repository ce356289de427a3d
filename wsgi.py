"""What a web server loads. A refused configuration ends with its sentence, not with a stack trace."""

import sys

from tracker import create_app
from tracker.errors import ConfigError

try:
    app = create_app()
except ConfigError as error:
    sys.exit(error.sentence)
