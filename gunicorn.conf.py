"""How gunicorn serves the office: read by gunicorn itself, started by script/server.

The office is opened once, before the workers are made, so that all of them work with the same form types
even when one is replaced; what is published in the browser each sees with its next request, a file that was
changed with a restart. Each worker has a timer that
finishes the papers a dead one left behind. No request is logged: a search holds people's names. What a
connection may cost is bounded in ``andu/serving/``.
"""

from __future__ import annotations

import gc
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

bind = os.environ.get("ANDU_BIND", "127.0.0.1:8000")
workers = int(os.environ.setdefault("ANDU_WORKERS", "2"))
worker_class = "andu.serving.worker.BufferingWorker"
threads = 16
umask = 0o077  # gunicorn would set 0: whatever the workers make is for nobody else
timeout = 120
graceful_timeout = 30
preload_app = True
pythonpath = str(Path(__file__).resolve().parent)
accesslog = None
errorlog = "-"
loglevel = "warning"
control_socket_disable = True


def _be_the_only_service() -> None:
    """Hold the folder of data before anything in it is opened; if somebody does, say who, and stop."""
    if pythonpath not in sys.path:
        sys.path.insert(0, pythonpath)
    from andu.settings import Settings
    from andu.store import Unwritable
    from andu.store.claim import claim

    folder = Settings.from_environment().instance
    if not folder.is_dir():
        return
    try:
        way = "https 代理之后" if os.environ.get("ANDU_HTTPS") == "1" else ""
        words = "，".join(filter(None, (f"进程 {os.getpid()}", way, f"http://{bind}")))
        other = claim(folder, f"{words}，自 {datetime.now():%Y-%m-%d %H:%M} 起")
    except Unwritable as fault:
        print(f"错误：{folder}：{fault}", file=sys.stderr)
        raise SystemExit(1) from None
    if other:
        print(
            f"错误：数据目录 {folder} 已有一个服务在用（{other}）。同一个目录只能由一个服务使用；"
            "请先停止它，或用 ANDU_INSTANCE 另设一个目录。",
            file=sys.stderr,
        )
        raise SystemExit(1)


_be_the_only_service()


def _try_the_bucket() -> None:
    """Where the files lie in a bucket: try it before anything is served, from a process of its own."""
    from andu.settings import Settings
    from andu.store import Unreadable, Unwritable

    files = Settings.from_environment().files
    if not files:
        return
    from andu.store.bucket import Bucket, will_fork

    will_fork()
    try:
        Bucket(files).try_out()
    except (Unreadable, Unwritable) as fault:
        print(f"错误：{fault}", file=sys.stderr)
        raise SystemExit(1) from None


_try_the_bucket()


def on_starting(server: Any) -> None:
    """Say what is wrong in the folder; then close the database: SQLite must not be carried into a child."""
    from andu.office.desk import soundness  # only now is the checkout on the path

    office = server.app.wsgi().extensions["andu"]
    for said in soundness.troubles(office):
        print(f"错误：{said}", file=sys.stderr)
    office.store.close()
    if office.settings.files:
        from andu.store.bucket import has_opened

        has_opened()
    gc.collect()


def when_ready(server: Any) -> None:
    """Say where the service is, once it can really be reached."""
    from andu.papers.pdf.fonts import fonts_missing  # only now is the checkout on the path

    for name in fonts_missing(server.app.wsgi().extensions["andu"].settings.fonts):
        print(
            f"错误：缺少字体 {name}，公文会印成别的字体！请运行 script/setup，再用 script/andu doctor 检查。",
            file=sys.stderr,
        )
    print(f"Andu 案牍已就绪：http://{bind}　（按 Ctrl+C 停止）", flush=True)


def post_worker_init(worker: Any) -> None:
    """Start the timer of this worker."""
    from andu.office import timer  # only now is the checkout on the path

    timer.start(worker.app.wsgi().extensions["live"])
