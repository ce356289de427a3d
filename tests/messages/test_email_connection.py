"""The connection: kept for many letters, opened anew when it is gone, never stuck on a server that misbehaves."""

from collections.abc import Callable, Iterator

import pytest

from tests.messages.letters import HAI, WORDS, envelope, settings
from tests.scripted_server import Answer, ScriptedServer, usual
from tests.smtp_sink import SmtpSink, free_port
from tracker.messages.email import connected
from tracker.messages.transport import NeverDeliverable, TryLater, Unreachable

Serve = Callable[..., ScriptedServer]


@pytest.fixture
def serve() -> Iterator[Serve]:
    opened: list[ScriptedServer] = []

    def start(answer: Answer, **how: str) -> ScriptedServer:
        opened.append(ScriptedServer(answer, **how))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


def send_all(port: int, count: int, **more: object) -> int:
    with connected(settings(port, **more)) as server:
        return len({server.send(envelope(number), WORDS) for number in range(count)})


def test_one_connection_for_many_letters(smtp: SmtpSink) -> None:
    assert send_all(smtp.port, 25) == len(smtp.received) == 25
    assert smtp.connections == 1


def test_a_new_connection_after_so_many_letters(smtp: SmtpSink) -> None:
    assert send_all(smtp.port, 25, SMTP_LETTERS_PER_CONNECTION=10) == len(smtp.received) == 25
    assert smtp.connections == 3


@pytest.mark.parametrize("farewell", ["421 4.7.0 enough for one connection", "", "250-\r\nwhat"])
def test_a_server_that_closes_after_ten_letters(serve: Serve, farewell: str) -> None:
    server = serve(lambda command, taken: farewell if taken == 10 and command == "MAIL" else usual(command, taken))
    assert send_all(server.port, 25) == server.letters == 25
    assert server.connections == 3


def test_nobody_listens() -> None:
    with pytest.raises(Unreachable), connected(settings(free_port())):
        pass


@pytest.mark.parametrize(
    "greeting", ["HTTP/1.1 400 Bad Request", "\xff\x00 rubbish", "554 go away", "421 too busy", "x" * 9000]
)
def test_a_server_that_greets_with_rubbish(serve: Serve, greeting: str) -> None:
    with pytest.raises(Unreachable), connected(settings(serve(usual, greeting=greeting).port)):
        pass


def test_a_server_whose_challenge_is_no_base64(serve: Serve) -> None:
    """The sender must learn of it as of every other trouble: what it does not know would end its whole turn, unexplained."""
    answers = {"EHLO": "250-here\r\n250 AUTH PLAIN", "AUTH": "334 x"}
    server = serve(lambda command, taken: answers.get(command, "250 ok"))
    with pytest.raises(Unreachable), connected(settings(server.port, SMTP_USER="u", SMTP_PASSWORD="p")):
        pass


def test_a_server_that_never_greets(serve: Serve) -> None:
    with (
        pytest.raises(Unreachable, match="timed out"),
        connected(settings(serve(lambda *_: None).port, SMTP_TIMEOUT=1)),
    ):
        pass


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", "LETTER"])
@pytest.mark.parametrize("said", ["rubbish", "999 what", "100 hm", "abc\xff\x00"])
def test_rubbish_in_the_middle_raises_what_the_sender_knows(serve: Serve, command: str, said: str) -> None:
    server = serve(lambda heard, taken: said if heard == command else usual(heard, taken))
    with connected(settings(server.port)) as open_one, pytest.raises((TryLater, Unreachable)):
        open_one.send(envelope(), WORDS)


def test_a_server_that_hangs_over_a_letter_holds_up_two_and_no_more(serve: Serve) -> None:
    """Each may have arrived: an attempt is counted, so that a person does not get a copy a minute."""
    server = serve(lambda command, taken: None if command == "LETTER" else usual(command, taken))
    with connected(settings(server.port, SMTP_TIMEOUT=1)) as open_one:
        for number in (1, 2):
            with pytest.raises(TryLater, match="timed out"):
                open_one.send(envelope(number), WORDS)
        with pytest.raises(Unreachable, match="mail_unanswered"):
            open_one.send(envelope(3), WORDS)
    assert server.letters == 2, "the letter is not sent again at once"


def test_one_address_at_which_the_server_hangs_up_does_not_stop_the_others(serve: Serve) -> None:
    server = serve(lambda command, taken: "" if command == "RCPT" and asked("lan@") else usual(command, taken))

    def asked(whom: str) -> bool:
        return whom in server.commands[-1]

    with connected(settings(server.port)) as open_one:
        with pytest.raises(TryLater):
            open_one.send(envelope(1), WORDS)
        open_one.send(envelope(2, HAI), WORDS)
        with pytest.raises(TryLater):
            open_one.send(envelope(3), WORDS)
    assert server.letters == 1


def test_the_server_goes_away_between_two_letters(smtp: SmtpSink) -> None:
    with connected(settings(smtp.port)) as server:
        server.send(envelope(1), WORDS)
        smtp.go_down()
        with pytest.raises(Unreachable):
            server.send(envelope(2), WORDS)
        smtp.come_back()
        server.send(envelope(2), WORDS)
    assert [str(mail.message["Message-ID"])[:20] for mail in smtp.received] == [
        "<reminder_digest.1.2",
        "<reminder_digest.2.2",
    ]


def test_the_server_starts_again_between_two_letters(smtp: SmtpSink) -> None:
    with connected(settings(smtp.port)) as server:
        server.send(envelope(1), WORDS)
        smtp.go_down()
        smtp.come_back()
        server.send(envelope(2), WORDS)
    assert len(smtp.received) == 2


def test_a_bad_address_never_reaches_the_server(serve: Serve) -> None:
    server = serve(usual)
    with connected(settings(server.port)) as open_one, pytest.raises(NeverDeliverable):
        open_one.send(envelope(1, "a@b.vn> SIZE=1"), WORDS)
    assert [line.split(" ")[0].upper() for line in server.commands] == ["EHLO", "QUIT"]
