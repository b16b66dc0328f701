"""What is sent where a server expects something else: SQL, templates, paths, signs, figures beyond all measure."""

from __future__ import annotations

SQL = (
    "'",
    '"',
    "' OR '1'='1",
    "1 OR 1=1",
    "1; DROP TABLE person--",
    "') UNION SELECT name, password_hash FROM person--",
    "%' OR name LIKE '%",
    "1) OR (SELECT randomblob(300000000))--",
    "'||(SELECT pg_sleep(5))||'",
    "id DESC, (SELECT 1)",
)
TEMPLATES = ("zq{{7*7}}zq", "zq${7*7}zq", "zq{%print(7*7)%}zq", "{{config}}", "%(secret_key)s {0.__class__}", "%s%n")
PATHS = (
    "../../../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "/etc/passwd",
    "file:///etc/passwd",
    "....//instance/secret-key",
    "C:\\Windows\\win.ini",
)
SIGNS = (
    "\x00",
    "a\x00b",
    "\r\nX-Zq: 1",
    "%0d%0aX-Zq:%201",
    "\u202e\u2066",
    "\ufffe\uffff",
    "😀" * 200,
    "é" * 5000,
    "\ud800",
    "İıſK",
    "٣",
    "²",
    "½",
)
FIGURES = (
    "-1",
    "0",
    "99999999999999999999",
    "1" * 400,
    "1e999",
    "NaN",
    "inf",
    "0x10",
    "9223372036854775808",
    "-0",
    "1.5",
    "",
    "None",
    "true",
    "1_000",
    "2025-02-30",
    "0000-00-00",
    "99999-01-01",
    "24:61",
)
MARKUPS = ('"><zqx onload=zq(1)>', "javascript:zq(1)", "</script><zqx>", "' onfocus=zq(1) autofocus x='", "]]><zqx>")

ALL = (*SQL, *TEMPLATES, *PATHS, *SIGNS, *FIGURES, *MARKUPS)
FEW = (
    SQL[2],
    SQL[4],
    SQL[7],
    TEMPLATES[0],
    PATHS[0],
    "a\x00b",
    "\ud800",
    SIGNS[2],
    "99999999999999999999",
    "٣",
    "²",
    "NaN",
    MARKUPS[0],
)
FEWEST = (SQL[2], TEMPLATES[0], "a\x00b", SIGNS[2], "99999999999999999999", "²", MARKUPS[0])
