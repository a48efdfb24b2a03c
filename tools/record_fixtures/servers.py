"""Starts nginx, Apache and the applications on loopback with configurations of their own, and stops them again."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from table import HOST, NAMES, PORTS

HERE = Path(__file__).parent
MITMPROXY = "mitmproxy>=11.0.2,<12" if sys.version_info < (3, 12) else "mitmproxy>=12.2"
APACHE_MODULES = Path("/usr/lib/apache2/modules")

NGINX = """\
worker_processes 1;
daemon off;
pid {work}/nginx.pid;
error_log {work}/nginx-error.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    types {{ text/html html; text/plain txt; application/json json; }}
    default_type application/octet-stream;
    client_body_temp_path {work}/open/body;
    proxy_temp_path {work}/open/proxy;
    fastcgi_temp_path {work}/open/fastcgi;
    uwsgi_temp_path {work}/open/uwsgi;
    scgi_temp_path {work}/open/scgi;
    gzip on;
    gzip_vary on;
    gzip_min_length 20;
    gzip_types text/plain;
    ssl_certificate {work}/certificate.pem;
    ssl_certificate_key {work}/key.pem;
    server {{
        listen {host}:{nginx};
        listen {host}:{nginx-tls} ssl http2;
        server_name localhost;
        root {work}/documents;
        location /moved {{ return 301 /page.html; }}
        location /found {{ return 302 /page.html; }}
        location /see-other {{ return 303 /page.html; }}
        location /temporary {{ return 307 /page.html; }}
        location /permanent {{ return 308 /page.html; }}
        location /no-content {{ return 204; }}
        location /reset {{ return 205; }}
        location /choices {{ return 300 "choose /page.html or /digits.txt\\n"; default_type text/plain; }}
        location /bad-request {{ return 400; }}
        location /forbidden {{ deny all; }}
        location /broken {{ return 500; }}
        location /unavailable {{ add_header Retry-After 120 always; return 503; }}
        location /private {{ auth_basic "fixtures"; auth_basic_user_file {work}/users; }}
        location /cookies {{
            add_header Set-Cookie "colour=blue; Path=/cookies; HttpOnly";
            add_header Set-Cookie "size=small; Path=/cookies";
            return 200 "cookies\\n";
            default_type text/plain;
        }}
        location /chunked {{ proxy_pass http://{host}:{application}/conforming/200-chunked; proxy_http_version 1.1; }}
        location /gateway-dead {{ proxy_pass http://{host}:{nobody}/; }}
        location /gateway-slow {{ proxy_pass http://{host}:{application}/slow; proxy_read_timeout 1s; }}
        location /store/ {{ alias {work}/open/store/; dav_methods PUT DELETE; create_full_put_path on; }}
        location /untagged/ {{ etag off; }}
        location /websocket {{
            proxy_pass http://{host}:{application}/conforming/101-websocket-of-the-browser;
            proxy_http_version 1.1;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection upgrade;
        }}
    }}
}}
"""

APACHE = """\
ServerRoot {work}
ServerName 127.0.0.1
PidFile {work}/apache.pid
DefaultRuntimeDir {work}
Mutex file:{work}/open
ErrorLog {work}/apache-error.log
LogLevel warn
{user}
{modules}
Listen {host}:{apache}
Listen {host}:{apache-proxy}
TypesConfig /dev/null
AddType text/html .html
AddType text/plain .txt
AddLanguage en .en
AddHandler send-as-is asis
TraceEnable on
Timeout 20
Protocols h2c http/1.1
DocumentRoot {work}/documents
DAVLockDB {work}/open/dav-lock
<Directory />
    Require all granted
    AllowOverride None
    Options +Indexes +MultiViews
</Directory>
<Location /plain>
    SetOutputFilter DEFLATE
</Location>
<Location /private>
    AuthType Basic
    AuthName fixtures
    AuthUserFile {work}/users
    Require valid-user
</Location>
<Location /private-digest>
    AuthType Digest
    AuthName fixtures
    AuthUserFile {work}/users-digest
    Require valid-user
</Location>
<Location /forbidden>
    Require all denied
</Location>
<Location /cookies>
    Header add Set-Cookie "colour=blue; Path=/cookies; HttpOnly"
    Header add Set-Cookie "size=small; Path=/cookies"
</Location>
<Location /expires>
    Header set Cache-Control "max-age=60"
    Header set Vary "Accept-Language"
</Location>
Alias /cookies {work}/documents/page.html
Alias /expires {work}/documents/page.html
Alias /private-digest {work}/documents/page.html
Alias /private {work}/documents/page.html
Alias /plain {work}/documents/plain.txt
Alias /store {work}/open/store
<Location /store>
    Dav On
</Location>
<Directory {work}/documents/untagged>
    FileETag None
</Directory>
<Directory {work}/documents/spelling>
    CheckSpelling On
</Directory>
Redirect 301 /moved /page.html
Redirect 302 /found /page.html
Redirect 303 /see-other /page.html
Redirect 307 /temporary /page.html
Redirect 308 /permanent /page.html
Redirect 400 /bad-request
Redirect 410 /gone
RewriteEngine On
RewriteRule ^/broken$ - [R=500,L]
RewriteRule ^/no-content$ - [R=204,L]
ProxyPass /gateway-dead http://{host}:{nobody}/
ProxyPass /gateway-slow http://{host}:{application}/slow timeout=1
ProxyPass /websocket http://{host}:{application}/conforming/101-websocket-of-the-browser upgrade=websocket
ProxyPass /gateway http://{host}:{application}/conforming/200-chunked
<VirtualHost {host}:{apache-proxy}>
    ProxyRequests On
    <Proxy *>
        AuthType Basic
        AuthName proxy
        AuthUserFile {work}/users
        Require valid-user
    </Proxy>
</VirtualHost>
"""

MODULES = [
    "mpm_event", "authn_core", "authn_file", "authz_core", "authz_host", "authz_user", "auth_basic", "auth_digest",
    "alias", "dir", "mime", "headers", "filter", "deflate", "negotiation", "autoindex", "dav", "dav_fs", "rewrite",
    "speling", "asis", "http2", "proxy", "proxy_http",
]

PAGE = "<!doctype html>\n<title>fixtures</title>\n<link rel=icon href='data:,'>\n<p>A page.\n"


def environment(directory: Path, requirements: tuple[str, ...], program: str) -> Path:
    """The bin directory of a Python environment with the packages, made at first use."""
    made = directory / "installed"
    if not made.exists() or not (directory / "bin" / program).exists():
        print(f"installing {', '.join(requirements)} in {directory}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", directory], check=True)
        pip = [directory / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", *requirements]
        subprocess.run(pip, check=True)
        made.touch()
    return directory / "bin"


def prepare(work: Path) -> None:
    """Documents, users and a certificate in the working directory."""
    documents = work / "documents"
    for name in ("documents/directory", "documents/untagged", "documents/spelling", "open/store"):
        (work / name).mkdir(parents=True)
    (documents / "page.html").write_text(PAGE, "utf-8")
    (documents / "directory" / "index.html").write_text(PAGE, "utf-8")
    (documents / "digits.txt").write_text("0123456789" * 10, "utf-8")
    (documents / "plain.txt").write_text("The same line again and again.\n" * 20, "utf-8")
    (documents / "untagged" / "page.html").write_text(PAGE, "utf-8")
    (documents / "untagged" / "page.json").write_text("{}\n", "utf-8")
    (documents / "spelling" / "choice-1.txt").write_text("one\n", "utf-8")
    (documents / "spelling" / "choice-2.txt").write_text("two\n", "utf-8")
    (documents / "choice.txt.en").write_text("choice\n", "utf-8")
    (documents / "accepted.asis").write_bytes(
        b"Status: 202 Accepted\r\nContent-Type: text/plain\r\nLocation: /page.html\r\n\r\nAccepted: see /page.html\n"
    )
    moment = 1741083630  # Tue, 04 Mar 2025 10:20:30 GMT, so that validators stay the same
    for each in documents.rglob("*"):
        os.utime(each, (moment, moment))
    (work / "users").write_text("nobody:*\n", "utf-8")
    (work / "users-digest").write_text("nobody:fixtures:*\n", "utf-8")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=localhost",
         "-addext", f"subjectAltName=DNS:localhost,IP:127.0.0.1,DNS:{NAMES['application-tls']}",
         "-keyout", work / "key.pem", "-out", work / "certificate.pem"],
        check=True, capture_output=True,
    )
    work.chmod(0o755)
    for each in (work / "open", work / "open" / "store"):
        each.chmod(0o777)
    values = {key: str(port) for key, port in PORTS.items()} | {"work": str(work), "host": HOST}
    modules = "\n".join(f"LoadModule {name}_module {APACHE_MODULES}/mod_{name}.so" for name in MODULES)
    user = "User www-data\nGroup www-data" if os.geteuid() == 0 else ""
    (work / "nginx.conf").write_text(NGINX.format_map(values), "utf-8")
    (work / "apache.conf").write_text(APACHE.format_map(values | {"modules": modules, "user": user}), "utf-8")


def wait_for(port: int, process: subprocess.Popen[bytes], seconds: float = 20) -> None:
    """Until somebody listens at the port."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}")
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens at port {port}")


@contextlib.contextmanager
def started(command: list[str | Path], *ports: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that listens at the ports, ended afterwards."""
    for port in ports:
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), 1):
            raise RuntimeError(f"port {port} is taken")
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
    try:
        for port in ports:
            wait_for(port, process)
        yield process
    except RuntimeError:
        print(log.read_text("utf-8", "replace")[-2000:], file=sys.stderr)
        raise
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def running(work: Path, python_with_h2: Path) -> Iterator[None]:
    """All servers."""
    prepare(work)
    with contextlib.ExitStack() as stack:
        stack.enter_context(started(
            [sys.executable, HERE / "application.py", work / "certificate.pem", work / "key.pem"],
            PORTS["application"], PORTS["application-tls"], log=work / "application.log"))
        stack.enter_context(started(
            [python_with_h2, HERE / "application_h2.py", work / "certificate.pem", work / "key.pem"],
            PORTS["application-h2"], log=work / "application-h2.log"))
        stack.enter_context(started(
            ["nginx", "-p", work, "-c", work / "nginx.conf"], PORTS["nginx"], PORTS["nginx-tls"],
            log=work / "nginx.log"))
        stack.enter_context(started(
            ["apache2", "-DFOREGROUND", "-f", work / "apache.conf"],
            PORTS["apache"], PORTS["apache-proxy"], log=work / "apache.log"))
        yield
