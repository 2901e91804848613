"""The server: what it answers, and what it refuses before anything is computed."""

import http.client
import json
import threading

import pytest

from sim.explain import trace_run
from sim.explain.story import odds_of
from sim.play import Game
from sim.scenario import Scenario
from sim.web.calls import calls
from sim.web.server import MOST_BYTES, PageServer

SEED = 2025


@pytest.fixture(scope="module")
def server():
    made = PageServer()
    made.fill("<p>the page</p>", "default-src 'none'", calls(Scenario.load("geneva-2025")))
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join(10)


def ask(server, method="GET", path="/", body=None, **headers):
    """Status, headers and text of an answer."""
    line = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=60)
    try:
        line.request(method, path, body, headers)
        answer = line.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode()
    finally:
        line.close()


def call(server, name, **body):
    text = json.dumps({"seed": str(SEED), **body})
    headers = {"Content-Type": "application/json"}
    status, _, answer = ask(server, "POST", f"/api/{name}", text, **headers)
    return status, json.loads(answer)


def test_the_page_with_its_policy(server):
    status, headers, text = ask(server)
    assert (status, text) == (200, "<p>the page</p>")
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Server"].strip() == "detente"


def test_it_listens_on_this_machine_alone(server):
    assert server.server_address[0] == "127.0.0.1"


PATHS = ("/etc/passwd", "/../../etc/passwd", "/%2e%2e/x", "//evil", "/api/", "/api/story", "/x?/")


@pytest.mark.parametrize("path", PATHS)
def test_there_is_one_page(server, path):
    assert ask(server, path=path)[0] == 404


@pytest.mark.parametrize("path", ["/", "/api", "/api/none", "/api/../story", "/api/__class__"])
def test_there_are_no_other_calls(server, path):
    headers = {"Content-Type": "application/json"}
    assert ask(server, "POST", path, "{}", **headers)[0] == 404


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil:80"])
def test_another_host_is_refused(server, host):
    assert ask(server, Host=host)[0] == 421


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1", "file://"])
def test_another_origin_is_refused(server, origin):
    assert ask(server, "POST", "/api/story", "{}", Origin=origin)[0] == 403


def test_its_own_names_are_taken(server):
    for name in ("localhost", "127.0.0.1"):
        own = f"{name}:{server.server_port}"
        assert ask(server, Host=own, Origin=f"http://{own}")[0] == 200


BODIES = {
    "no kind": ({}, "{}", 415),
    "another kind": ({"Content-Type": "text/plain"}, "{}", 415),
    "no JSON": ({"Content-Type": "application/json"}, "{", 400),
    "deep JSON": ({"Content-Type": "application/json"}, "[" * 100_000, 400),
    "no object": ({"Content-Type": "application/json"}, "[1]", 400),
    "too long": (
        {"Content-Type": "application/json", "Content-Length": str(MOST_BYTES + 1)}, "", 413),
    "very long": ({"Content-Type": "application/json", "Content-Length": "9" * 5_000}, "", 413),
    "no length": ({"Content-Type": "application/json", "Content-Length": "-1"}, "", 411),
    "in chunks": (
        {"Content-Type": "application/json", "Transfer-Encoding": "chunked"}, "0\r\n\r\n", 411),
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_bodies_that_are_none(server, name):
    headers, body, status = BODIES[name]
    assert ask(server, "POST", "/api/story", body, **headers)[0] == status


def test_other_methods_are_not_known(server):
    for method in ("PUT", "DELETE", "TRACE"):
        assert ask(server, method)[0] == 501


WRONG = {
    "run": ({"run": -1}, "run"),
    "a large run": ({"run": 2**31}, "run"),
    "a long run": ({"run": "9" * 400}, "run"),
    "seed": ({"seed": "2025.5"}, "seed"),
    "a horizon": ({"changes": {"weeks": 100_000}}, "weeks"),
    "a path": ({"changes": {"actors.us.slop": 0.1}}, "actors.us.slip"),
    "a value": ({"changes": {"actors.us.slip": 7}}, "actors.us.slip"),
    "a table": ({"changes": {"actors.us": {"slip": 0.1}}}, "changes"),
    "a list": ({"changes": []}, "changes"),
    "a number that is none": ({"changes": {"actors.us.slip": float("nan")}}, "actors.us.slip"),
}


@pytest.mark.parametrize("name", WRONG)
def test_absurd_requests_are_refused_with_what_is_wrong(server, name):
    body, said = WRONG[name]
    status, answer = call(server, "story", **body)
    assert status == 422
    assert said in answer["error"]


def test_a_horizon_longer_than_is_played_here(server):
    status, answer = call(server, "story", changes={"weeks": 700})
    assert (status, "1 to 600" in answer["error"]) == (422, True)


def test_the_story_and_the_odds_of_any_run(server):
    changes = {"actors.us.slip": 0.05}
    status, story = call(server, "story", run=17, changes=changes)
    assert status == 200
    trace = trace_run(Scenario.load("geneva-2025").override(changes), SEED, 17)
    assert story["rungs"] == [[getattr(w, s).rung_end for w in trace.weeks] for s in ("us", "cn")]
    _, found = call(server, "odds", run=17, changes=changes)
    week, p, *_ = found["odds"][1]
    assert (week, p) == (1, odds_of(trace, [1])[1].truce.p)


MOVES = ["hold", "pull chips eda", "ease, talks", "auto"]


def test_a_game_is_that_of_the_terminal(server, tmp_path):
    game = Game("geneva-2025", SEED)
    for move in MOVES:
        game.play(move)
    moves = [{"us": move} for move in MOVES]
    _, table = call(server, "table", moves=moves)
    assert table["chairs"]["us"]["sight"] == [
        line.strip() for line in str(game.briefing()).split("\n  Your levers:")[0].split("\n")
    ]
    _, saved = call(server, "save", moves=moves)
    game.save(tmp_path / "game.toml")
    assert saved["text"] == (tmp_path / "game.toml").read_text(encoding="utf-8")
    _, loaded = call(server, "load", text=saved["text"])
    assert loaded == {"seed": str(SEED), "run": 0, "side": "us", "moves": moves}
    _, advice = call(server, "advise", moves=moves, chair="us")
    assert advice["odds"]["hold"]["standing"][0] == game.adviser().odds["hold"].truce.p


def test_fog_holds_in_what_is_sent(server):
    """Of the other side's levers nothing: the same answer whatever stands hidden there."""
    _, table = call(server, "table", side="cn", moves=[{"cn": "hold"}] * 3)
    assert list(table["chairs"]) == ["cn"]
    names = [lever["name"] for lever in table["chairs"]["cn"]["levers"]]
    assert names == [name[3:] for name in Scenario.load("geneva-2025").compiled.levers
                     if name.startswith("cn.")]  # fmt: skip


PLAY_WRONG = {
    "check": ({"chair": "us", "text": "pul chips"}, "pull"),
    "table": ({"moves": [{"us": "hold"}] * 27}, "at most 26 weeks"),
    "advise": ({"chair": "cn"}, "side"),
    "load": ({"text": "format = 2"}, "format"),
    "debrief": ({"side": "uk"}, "side"),
}


@pytest.mark.parametrize("name", PLAY_WRONG)
def test_games_that_cannot_be(server, name):
    body, said = PLAY_WRONG[name]
    status, answer = call(server, name, **body)
    assert status == 422
    assert said in answer["error"]


def test_a_saved_game_of_a_changed_scenario_says_what_differs(server):
    _, saved = call(server, "save", moves=[{"us": "hold"}])
    status, answer = call(server, "load", text=saved["text"], changes={"actors.us.slip": 0.2})
    assert status == 422
    assert "has changed since the game was saved: actors.us" in answer["error"]


@pytest.mark.parametrize("run", [0, 70])
def test_a_run_of_a_mixture_is_played_and_told_under_its_reading(run):
    """Run 0 lies in the first reading's hundredths, run 70 in the last one's."""
    mixed = Scenario.load("geneva-2025-readings")
    alone, answers = mixed.of_run(run), calls(mixed)
    assert alone is not mixed
    asked = {"seed": str(SEED), "run": run}
    told = answers["story"](asked)
    trace = trace_run(alone, SEED, run)
    assert told["rungs"] == [[getattr(w, s).rung_end for w in trace.weeks] for s in ("us", "cn")]
    moves = [{"us": move} for move in MOVES]
    game = Game(alone, SEED, "us", run)
    for move in MOVES:
        game.play(move)
    table = answers["table"]({**asked, "moves": moves})
    sight = str(game.briefing()).split("\n  Your levers:")[0].split("\n")
    assert table["chairs"]["us"]["sight"] == [line.strip() for line in sight]
    saved = answers["save"]({**asked, "moves": moves})
    assert answers["load"]({"seed": str(SEED), "text": saved["text"]})["moves"] == moves


@pytest.mark.parametrize("error", [ConnectionResetError, BrokenPipeError, TimeoutError, KeyError])
def test_only_a_visitor_who_leaves_is_no_error(server, error, capsys):
    try:
        raise error
    except error:
        server.handle_error(None, ("127.0.0.1", 1))
    assert bool(capsys.readouterr().err) == (error is KeyError)
