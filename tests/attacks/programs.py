"""Other people's programs: wapiti against the running server, bandit over the code, and long runs of our fuzzing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

from browser import signed_in
from place import ROOT
from scene import Scene
from tried import Tried

MODULES = (
    "backup,brute_login_form,buster,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,methods,permanentxss,\
redirect,ssrf,sql,blindsql,xss,xxe,shellshock"
)
EXPECTED = {
    "Content Security Policy Configuration": "default-src 'none' and named sources stand; it wants default-src 'self'",
    "HTTP Secure Headers": "wants X-XSS-Protection, which browsers dropped, and HSTS, which comes with https",
    "Secure Flag cookie": "the attacked server speaks plain http; with KRACHTMETING_HTTPS=1 it is there",
    "Fingerprint web technology": "no finding: it names what it recognises",
    "Fingerprint web server": "the same: nginx or waitress",
    "Fingerprint web application framework": "the same",
}
"""What wapiti says that is none of ours, with the reason."""

BLOCKED = {("Cross Site Request Forgery", "/sign-out")}
"""Where the proxy answers for us, so that wapiti stays signed in: every token is answered alike there."""

FUZZED = (
    "tests/web/test_fuzzed_requests.py",
    "tests/instruments/test_fuzzed_definitions.py",
    "tests/exports/test_hostile_files.py",
)


def wapiti(scene: Scene) -> Tried:
    """wapiti, signed in as a researcher, with its modules that make sense here."""
    tried = Tried("wapiti, signed in")
    if scene.short:
        tried.note = "left to the full run"
        return tried
    program = shutil.which("wapiti")
    if program is None or scene.place.nginx is None:
        tried.note = "NOT INSTALLED: apt-get install wapiti nginx-light"
        return tried
    folder = scene.place.folder
    # Through the proxy, which keeps it from ending its own session.
    url = f"http://127.0.0.1:{scene.place.outside}/"
    # A cookie that has seen a form, so that a right token and a wrong one are answered differently.
    neighbour = signed_in(scene.place, "neighbour")
    cookie = neighbour.csrf and neighbour.cookie
    command = [
        program, "-u", url, "--scope", "folder", "-f", "json", "-o", str(folder / "wapiti.json"), "-m", MODULES,
        "--max-scan-time", "120", "--max-attack-time", "8", "--max-links-per-page", "30", "--max-files-per-dir", "40",
        "--flush-session", "--no-bugreport", "-H", f"Cookie: {cookie}", "-t", "5", "-d", "3",
        "--store-session", str(folder / "wapiti-session"), "--store-config", str(folder / "wapiti-config"),
    ]  # fmt: skip
    home = os.environ | {"HOME": str(folder)}
    try:
        done = subprocess.run(command, env=home, cwd=folder, capture_output=True, text=True, timeout=900)
    except subprocess.TimeoutExpired:
        # Not a finding, and not a clean sheet either.
        tried.note = "STOPPED BY THE CLOCK before its report: run it on a machine that does nothing else"
        return tried
    report = folder / "wapiti.json"
    if not report.is_file():
        tried.wrong(f"wapiti stopped: {(done.stdout + done.stderr)[-300:]}")
        return tried
    said = json.loads(report.read_text())
    asked = (folder / "nginx-access.log").read_text(errors="replace").splitlines()
    tried.times = sum("GET" in one or "POST" in one for one in asked)
    explained = []
    for part in ("vulnerabilities", "anomalies"):
        for kind, found in said.get(part, {}).items():
            for one in found:
                if kind in EXPECTED or (kind, one.get("path")) in BLOCKED:
                    explained.append(kind)
                else:
                    tried.wrong(f"{kind}: {one.get('method')} {one.get('path')} {one.get('info', '')[:160]}")
    tried.note = f"requests; none of ours: {', '.join(sorted(set(explained)))}" if explained else "requests"
    return tried


def bandit(scene: Scene) -> Tried:
    """bandit over all code that a server runs; the demo may draw by chance."""
    tried = Tried("bandit over survey/ and exports/ (files)")
    program = [sys.executable, "-m", "bandit", "-q", "-r", "-f", "json"]
    for more in (["survey", "exports", "--exclude", "survey/demo"], ["survey/demo", "--skip", "B311"]):
        done = subprocess.run([*program, *more], cwd=ROOT, capture_output=True, text=True, timeout=120)
        said = json.loads(done.stdout)
        tried.times += len(said["metrics"]) - 1
        for one in [*said["results"], *said["errors"]]:
            tried.wrong(
                f"{one.get('test_id', '')} {one['filename']}:{one.get('line_number', '')} {one.get('issue_text', '')}"
            )
    return tried


def fuzzing(scene: Scene) -> Tried:
    """The fuzzing tests with many more cases than in the tests."""
    tried = Tried("fuzzing of definitions, conditions, forms, imports, parameters")
    if scene.short:
        tried.note = "left to the tests, and to the full run"
        return tried
    counted = scene.place.folder / "fuzzed"
    environment = os.environ | {
        "KRACHTMETING_FUZZ": "40",
        "KRACHTMETING_FUZZ_COUNT": str(counted),
    }
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *FUZZED]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=420)
    tried.times = len(counted.read_bytes()) if counted.is_file() else 0
    if done.returncode:
        tried.wrong(*(line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))))
        tried.wrong((done.stdout + done.stderr)[-1500:])
    return tried
