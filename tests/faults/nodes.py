"""Several nodes behind nginx, restarted one after the other under load."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from place import Found, House, one_try
from servers import Running, free_port

NODES = 3

CONFIGURATION = """
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
{user}
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    upstream krachtmeting {{
        {servers}
    }}
    server {{
        listen 127.0.0.1:{port};
        client_max_body_size 2m;
        proxy_set_header Host $http_host;
        proxy_connect_timeout 2s;
        proxy_next_upstream error timeout;
        proxy_next_upstream_tries 3;
        location / {{
            proxy_pass http://krachtmeting;
        }}
        location ~ ^/response/[a-z0-9]+/(save|hand-in|journal-key)$ {{
            proxy_pass http://krachtmeting;
            proxy_next_upstream error timeout http_502 http_503 non_idempotent;
        }}
    }}
}}
"""


@contextmanager
def nginx(folder: Path, ports: list[int]) -> Iterator[int]:
    """nginx before these nodes, in a folder of its own; the port on which it listens."""
    port = free_port()
    servers = "\n        ".join(f"server 127.0.0.1:{node} max_fails=0;" for node in ports)
    user = "user root;" if Path("/root").stat().st_uid == 0 and folder.owner() == "root" else ""
    own = folder / "nginx"
    own.mkdir()
    file = own / "nginx.conf"
    file.write_text(CONFIGURATION.format(folder=own, servers=servers, port=port, user=user))
    command = ["nginx", "-e", str(own / "error.log"), "-c", str(file), "-g", "daemon off;"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        Running(process.pid, port).answers()
        yield port
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(own, ignore_errors=True)


def rolling_restart(house: House, times: int) -> Found:
    """Every node is stopped and started again, so many times over, while visitors save through nginx."""
    if shutil.which("nginx") is None:
        return Found("rolling restart", "postgresql", note="NOT TRIED: nginx is not installed")
    url = house.new("postgresql")
    nodes = {port: house.nursery.start(url, port) for port in (free_port() for _ in range(NODES))}
    try:
        with nginx(house.folder, list(nodes)) as port, one_try(house, "postgresql", "rolling restart", url=url) as now:
            for one in now.people:
                one.port = port
            # The server of its own that a try has is not needed.
            now.server.stop()
            now.saves(10)
            now.notebook.told.clear()
            for _ in range(times):
                for node, running in nodes.items():
                    running.stop()
                    time.sleep(0.2)
                    nodes[node] = house.nursery.start(url, node)
                    now.saves(5)
                    now.found.times += 1
            failed = {told: count for told, count in now.notebook.told.items() if told != "200"}
            if failed:
                now.notebook.wrong.append(f"saves that failed: {failed}")
            now.found.note = f"{NODES} nodes, {now.notebook.told['200']} saves, {sum(failed.values())} failed"
    finally:
        for running in nodes.values():
            running.kill()
    return now.found


def node_killed(house: House, times: int) -> Found:
    """kill -9 of a node behind nginx: the saves that it had in hand go to another one."""
    if shutil.which("nginx") is None:
        return Found("kill -9 of a node", "postgresql", note="NOT TRIED: nginx is not installed")
    url = house.new("postgresql")
    nodes = {port: house.nursery.start(url, port) for port in (free_port() for _ in range(NODES))}
    try:
        with (
            nginx(house.folder, list(nodes)) as port,
            one_try(house, "postgresql", "kill -9 of a node", url=url) as now,
        ):
            for one in now.people:
                one.port = port
            now.server.stop()
            now.saves(10)
            now.notebook.told.clear()
            for number in range(times):
                node = list(nodes)[number % NODES]
                nodes[node].kill()
                time.sleep(0.1)
                nodes[node] = house.nursery.start(url, node)
                now.saves(5)
                now.found.times += 1
            failed = {told: count for told, count in now.notebook.told.items() if told != "200"}
            now.found.note = f"{now.notebook.told['200']} saves, {sum(failed.values())} had to be sent again"
    finally:
        for running in nodes.values():
            running.kill()
    return now.found
