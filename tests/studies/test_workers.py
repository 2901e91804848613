"""Studies on other processes: the bytes of the local run, whatever dies."""

import contextlib
import multiprocessing
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from sim.errors import ExperimentError, ResultError
from sim.extras import MissingPackageError
from sim.studies import runner
from sim.studies.plan import check_points, plan_table
from sim.studies.runner import run_study
from sim.studies.store import StudyFolder
from sim.studies.workers import (
    Cluster,
    ClusterLostError,
    Processes,
    Sent,
    Workers,
    WorkersLostError,
    cluster_at,
    new_processes,
)
from tests.studies.experiments import GRID, experiment, finished

MANY = GRID.replace("steps = 3", "steps = 30")
LONG = MANY.replace("runs = 200", "runs = 5_000")


@pytest.fixture(autouse=True)
def small_groups(monkeypatch):
    monkeypatch.setattr(runner, "GROUP_RUN_WEEKS", 2 * 200 * 26)


def same_bytes(one, two):
    names = sorted(path.name for path in one.glob("*.parquet"))
    return names and all((one / name).read_bytes() == (two / name).read_bytes() for name in names)


@contextmanager
def processes(scheduler_file, workers):
    """A scheduler on the loopback and its workers, each a process of its own."""
    begin = [sys.executable, "-m"]
    where = ["--scheduler-file", str(scheduler_file)]
    scheduler = [*begin, "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"]
    worker = [*begin, "distributed.cli.dask_worker", "--nthreads", "1", "--no-nanny"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    started = [subprocess.Popen([*scheduler, "--no-dashboard", *where], **quiet)]
    try:
        started += [
            subprocess.Popen([*worker, "--no-dashboard", *where], **quiet) for _ in range(workers)
        ]
        yield started
    finally:
        for process in started:
            process.kill()
            process.wait()


def address_in(scheduler_file):
    import json

    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if scheduler_file.exists() and scheduler_file.read_text().endswith("}"):
            return json.loads(scheduler_file.read_text())["address"]
        time.sleep(0.05)
    raise AssertionError("no scheduler came up")


def folder_of(study, root):
    return StudyFolder(root, study.name, plan_table(study))


@pytest.mark.slow
def test_workers_give_the_bytes_of_threads_and_leave_the_rest_to_resume(tmp_path):
    study = experiment(tmp_path, 'keep = ["payoffs", "runs"]\n' + GRID)
    points = check_points(study)
    whole = finished(study, tmp_path / "threads")
    folder = folder_of(study, tmp_path / "workers")
    others = set(multiprocessing.active_children())  # of other tests of this process
    with Processes(2) as hands:
        run_study(study, points, folder, player=Workers(study, points, hands))
    assert same_bytes(whole, folder.path)
    stopped = folder_of(study, tmp_path / "stopped")

    def stop(done):
        if done.points >= 2:
            raise KeyboardInterrupt

    with pytest.raises(runner.StudyInterrupted), Processes(2) as hands:
        run_study(study, points, stopped, progress=stop, player=Workers(study, points, hands))
    assert not set(multiprocessing.active_children()) - others
    run_study(study, points, stopped)
    assert same_bytes(whole, stopped.path)


@pytest.mark.slow
def test_a_cluster_gives_the_bytes_of_threads(tmp_path):
    study = experiment(tmp_path, GRID)
    points = check_points(study)
    file = tmp_path / "scheduler.json"
    with processes(file, 1), cluster_at(address_in(file)) as client:
        folder = folder_of(study, tmp_path / "cluster")
        run_study(study, points, folder, player=Workers(study, points, Cluster(client)))
    assert same_bytes(finished(study, tmp_path / "threads"), folder.path)


def listening(processes):
    """Inet sockets on which any of these processes listens (Linux)."""
    inodes = set()
    for number in processes:
        for file in Path(f"/proc/{number}/fd").glob("*"):
            with contextlib.suppress(OSError):
                inodes.add(str(file.readlink()))
    rows = [
        line.split()
        for name in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]
    ]
    return [row for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in inodes]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="reads Linux's list of sockets")
def test_processes_of_this_machine_listen_on_no_port_and_one_that_dies_is_replaced(tmp_path):
    study = experiment(tmp_path, GRID)
    points = check_points(study)
    killed = []
    others = set(multiprocessing.active_children())

    def look(done):
        children = list(set(multiprocessing.active_children()) - others)
        assert not listening([os.getpid(), *(child.pid for child in children)])
        if done.points > done.before and not killed:
            killed.extend(children)
            children[0].kill()

    folder = folder_of(study, tmp_path / "killed")
    with Processes(2) as hands:
        run_study(study, points, folder, progress=look, player=Workers(study, points, hands))
    assert len(killed) == 2
    assert same_bytes(finished(study, tmp_path / "whole"), folder.path)


def deadly(_, place):
    """A task that ends its process, but for the first."""
    if place:
        os._exit(1)
    return place


@pytest.mark.slow
def test_processes_that_die_again_and_again_over_a_task_are_given_up(tmp_path):
    with Processes(1) as hands:
        coming = hands.results(Sent(b"", ""), deadly, [(0,), (1,)])
        assert next(coming) == (0, 0)
        with pytest.raises(WorkersLostError, match="5 times processes died.*--resume continues"):
            next(coming)


@pytest.mark.slow
def test_processes_end_with_the_one_that_began_them_however_it_ends(tmp_path):
    code = "from tests.studies.test_workers import sleepers; sleepers()"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        pids = [int(word) for word in run.stdout.readline().split()]
        run.kill()
    deadline = time.monotonic() + 30
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(pids) == 2
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


def sleepers():
    """Two processes that wait for work, told by number."""
    with new_processes(2) as pool:
        for future in [pool.submit(time.sleep, 1), pool.submit(time.sleep, 1)]:
            future.result()
        print(*(child.pid for child in multiprocessing.active_children()), flush=True)
        time.sleep(60)


@pytest.mark.slow
def test_a_worker_that_is_killed_costs_only_its_group(tmp_path):
    study = experiment(tmp_path, LONG)
    points = check_points(study)
    file = tmp_path / "scheduler.json"
    with processes(file, 2) as (_, worker, _), cluster_at(address_in(file)) as client:
        client.wait_for_workers(2, timeout=30)
        killed = []

        def kill(done):
            if done.points >= 10 and not killed:
                worker.kill()
                killed.append(done.points)

        folder = folder_of(study, tmp_path / "killed")
        player = Workers(study, points, Cluster(client))
        run_study(study, points, folder, progress=kill, player=player)
        assert killed
        assert len(client.nthreads()) == 1
    assert same_bytes(folder.path, finished(study, tmp_path / "whole"))


@pytest.mark.slow
def test_a_scheduler_that_vanishes_leaves_a_folder_to_resume(tmp_path):
    study = experiment(tmp_path, LONG)
    points = check_points(study)
    file = tmp_path / "scheduler.json"
    folder = folder_of(study, tmp_path / "lost")
    with processes(file, 1) as (scheduler, _), cluster_at(address_in(file)) as client:
        gone = []

        def kill(done):
            if done.points >= 10 and not gone:
                scheduler.kill()
                gone.append(time.monotonic())

        player = Workers(study, points, Cluster(client))
        with pytest.raises(ClusterLostError, match="the cluster went away.*--resume continues"):
            run_study(study, points, folder, progress=kill, player=player)
        assert time.monotonic() - gone[0] < 60
    told = []
    run_study(study, points, folder, progress=told.append)
    assert told[0].before >= 10
    assert same_bytes(folder.path, finished(study, tmp_path / "whole"))


def test_a_cluster_that_does_not_answer_is_told_within_ten_seconds():
    started = time.monotonic()
    with (
        pytest.raises(ExperimentError, match=r"--cluster: tcp://127\.0\.0\.1:1\b"),
        cluster_at("tcp://127.0.0.1:1"),
    ):
        pass
    assert time.monotonic() - started < 10


@pytest.mark.slow
def test_a_scheduler_without_workers_is_told_within_ten_seconds(tmp_path):
    file = tmp_path / "scheduler.json"
    with processes(file, 0):
        address = address_in(file)
        started = time.monotonic()
        with pytest.raises(ExperimentError, match="without workers"), cluster_at(address):
            pass
    assert time.monotonic() - started < 10


def test_without_the_extra_its_name_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(
        MissingPackageError, match=r"--cluster.*\n.*not installed\n.*detente\[cluster"
    ):
        cluster_at("tcp://127.0.0.1:1").__enter__()


def test_a_worker_of_another_version_refuses(tmp_path):
    import pickle

    study = experiment(tmp_path, GRID)
    with pytest.raises(ResultError, match="another version of detente .code .*, here 0123"):
        _ = Sent(pickle.dumps(study), "0123").content


@pytest.mark.parametrize("address", ["tls://127.0.0.1:1", "ucx://127.0.0.1:1", "moon://x", "x y"])
def test_an_address_that_cannot_be_spoken_to_is_one_clear_error(address):
    with pytest.raises(ExperimentError, match=r"--cluster") as caught, cluster_at(address):
        pass
    assert address in str(caught.value)
    assert "tcp://10.0.0.5:8786" in str(caught.value)
