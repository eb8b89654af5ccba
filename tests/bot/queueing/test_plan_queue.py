"""Planning handed out on a real PostgreSQL: to whom, how often, and what a worker's end does."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from due_chats import NOW, DueChats

from bot.queueing.plan_queue import PlanQueue
from bot.queueing.schema import address_of, schema_name
from storage.engines import MOST_SILENT
from storage.errors import StorageError

SILENCE = timedelta(seconds=1)
JOB = 1_000


@pytest.fixture(name="url")
def url_of_postgres(bare_postgres_url: str) -> str:
    """Elsewhere there is no queue."""
    return bare_postgres_url


@asynccontextmanager
async def opened(url: str, chats: DueChats) -> AsyncIterator[PlanQueue]:
    """Open a queue as a process of its own does."""
    queue = PlanQueue(url, chats, lambda: NOW, silence=SILENCE, most=JOB)
    await queue.open()
    yield queue
    await queue.close()


@asynccontextmanager
async def working(url: str, chats: DueChats) -> AsyncIterator[PlanQueue]:
    """Have a worker at it."""
    stopping = asyncio.Event()
    async with opened(url, chats) as queue, asyncio.TaskGroup() as tasks:
        tasks.create_task(queue.work(stopping))
        yield queue
        stopping.set()


async def jobs_left(url: str) -> int:
    async with await psycopg.AsyncConnection.connect(address_of(url)) as connection:
        rows = await connection.execute("SELECT count(*) FROM procrastinate_jobs")
        found = await rows.fetchone()
    assert found is not None
    return int(found[0])


async def test_two_workers_plan_for_each_once(url: str) -> None:
    """Nothing is left in the queue after it."""
    everybody = range(-JOB, 3 * JOB)
    chats = DueChats(everybody)
    async with working(url, chats) as queue, working(url, chats):
        assert await queue.hand_out(NOW) == 4
        await chats.until_nobody_is_due()
    assert chats.planned == dict.fromkeys(everybody, 1)
    assert await jobs_left(url) == 0


async def test_who_is_in_a_job_is_handed_out_no_second_time(url: str) -> None:
    """Neither while it waits nor while it runs; who fell due beside it meanwhile is."""
    chats = DueChats([5, 6, 7])
    async with opened(url, chats) as queue:
        assert [await queue.hand_out(NOW), await queue.hand_out(NOW)] == [1, 0]
        chats.hold_up()
        async with working(url, chats):
            await chats.until_a_job_began()
            assert await queue.hand_out(NOW) == 0
            chats.fall_due(4, 6, 8)
            assert await queue.hand_out(NOW) == 2
            chats.let_go()
            await chats.until_nobody_is_due()
    assert sorted(chats.jobs) == [(4, 4), (5, 7), (8, 8)]


async def test_a_small_round_goes_before_a_great_one(url: str) -> None:
    chats = DueChats(range(1, 2 * JOB))
    async with opened(url, chats) as queue:
        await queue.hand_out(NOW)
        chats.fall_due(0)
        await queue.hand_out(NOW)
        async with working(url, chats):
            await chats.until_nobody_is_due()
    assert chats.jobs[0] == (0, 0)


@pytest.mark.parametrize("trouble", [StorageError("no room"), ZeroDivisionError()])
async def test_a_job_that_fails_is_tried_again(
    url: str, caplog: pytest.LogCaptureFixture, trouble: Exception
) -> None:
    """The log tells of it, and the worker goes on."""
    chats = DueChats([7])
    chats.fail_once_with(trouble)
    async with working(url, chats) as queue:
        await queue.hand_out(NOW)
        await chats.until_nobody_is_due()
    assert chats.planned == {7: 1}
    assert "planning for 7 to 7" in caplog.text


async def test_a_stop_waits_for_what_is_in_hand(url: str) -> None:
    """It is done, and nothing else is begun."""
    chats = DueChats(range(2 * JOB))
    chats.hold_up()
    stopping = asyncio.Event()
    async with opened(url, chats) as queue, asyncio.TaskGroup() as tasks:
        tasks.create_task(queue.work(stopping))
        await queue.hand_out(NOW)
        await chats.until_a_job_began()
        stopping.set()
        await asyncio.sleep(0)
        chats.let_go()
    assert len(chats.jobs) == 1
    assert await jobs_left(url) == 1


async def test_what_a_killed_worker_had_is_planned_for_by_another(url: str) -> None:
    """The job is not lost, and is not handed out a second time beside it."""
    chats = DueChats([5, 6, 7])
    async with opened(url, chats) as queue:
        await queue.hand_out(NOW)
        worker = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", HANG, url),
            cwd=Path(__file__).parents[3],
            stdout=asyncio.subprocess.PIPE,
        )
        assert worker.stdout is not None
        assert await worker.stdout.readline() == b"5 7\n"
        worker.kill()
        await worker.wait()
        async with working(url, chats):
            await chats.until_nobody_is_due()
    assert chats.jobs == [(5, 7)]


HANG = """
import asyncio, sys
from datetime import UTC, datetime
from bot.queueing.plan_queue import PlanQueue

class Hanging:
    async def plan_range(self, first, last, now):
        print(first, last, flush=True)
        await asyncio.Event().wait()

async def work():
    queue = PlanQueue(sys.argv[1], Hanging(), lambda: datetime.now(UTC))
    await queue.open()
    await queue.work(asyncio.Event())

asyncio.run(work())
"""


async def test_a_worker_goes_on_when_the_database_is_back(url: str) -> None:
    """All its connections were cut."""
    chats = DueChats([7])
    async with working(url, chats) as queue:
        await queue.hand_out(NOW)
        await chats.until_nobody_is_due()
        await cut_all(url)
        chats.fall_due(8)
        async with opened(url, chats) as another:
            await another.hand_out(NOW)
        await chats.until_nobody_is_due()
    assert chats.planned == {7: 1, 8: 1}


async def cut_all(url: str) -> None:
    async with await psycopg.AsyncConnection.connect(address_of(url)) as connection:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


async def test_many_that_open_it_together_make_one_queue_beside_the_tables(url: str) -> None:
    """In the schema of the bot's own tables there is nothing of it."""
    queues = [PlanQueue(url, DueChats([]), lambda: NOW) for _ in range(4)]
    troubles = await asyncio.gather(*(queue.open() for queue in queues), return_exceptions=True)
    await asyncio.gather(*(queue.close() for queue in queues))
    assert troubles == [None] * len(queues)
    async with await psycopg.AsyncConnection.connect(address_of(url)) as connection:
        rows = await connection.execute(
            "SELECT DISTINCT schemaname::text FROM pg_tables WHERE tablename LIKE 'procrastinate%'"
        )
        assert await rows.fetchall() == [(schema_name(),)]


async def test_a_database_that_is_not_there_is_named_without_its_password() -> None:
    queue = PlanQueue("postgresql://reader:hush@127.0.0.1:1/paperboy", DueChats([]), lambda: NOW)
    with pytest.raises(StorageError, match=r"paperboy on 127\.0\.0\.1") as raised:
        await queue.open()
    assert "hush" not in str(raised.value)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://a:b%40@host:77/name", "host=host port=77 user=a password=b@ dbname=name"),
        ("postgres://a@/name?host=/run/pg", "host=/run/pg user=a dbname=name"),
        ("postgresql://a@h/name?ssl=require", "host=h user=a dbname=name sslmode=require"),
        ("postgresql://a@/name?host=g:1&host=h:2", "host=g,h port=1,2 user=a dbname=name"),
    ],
)
def test_the_queue_is_where_the_bot_s_tables_are(url: str, told: str) -> None:
    words = psycopg.conninfo.conninfo_to_dict(address_of(url))
    assert words["options"] == f"-c search_path={schema_name()}"
    where = ("host", "port", "user", "password", "dbname", "sslmode")
    assert {name: words[name] for name in where if name in words} == psycopg.conninfo.conninfo_to_dict(told)


def test_a_host_that_vanished_is_noticed_within_half_a_minute() -> None:
    """Nothing comes of it any more, not even that it is gone."""
    words = psycopg.conninfo.conninfo_to_dict(address_of("postgresql://a@host/name"))
    idle, pause, count = (int(words[f"keepalives_{name}"] or 0) for name in ("idle", "interval", "count"))
    assert 0 < idle + pause * count <= MOST_SILENT.total_seconds()
    assert int(words["tcp_user_timeout"] or 0) == MOST_SILENT.total_seconds() * 1000
