"""A real Triton server for tests, without a GPU or a container: see README.md beside this file."""

import contextlib
import ctypes
import http.client
import os
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

HERE = Path(__file__).parent
VENV = HERE.parents[1] / "build/venv-triton"
PR_SET_PDEATHSIG = 1


class TritonServer:
    """Runs tritonserver over the model repository `repository` while the `with` block lasts.

    `control` is Triton's model-control mode: `none`, `poll` or `explicit`; `flags` go to the server
    as they are. Ports are free ones on the loopback address. On leaving, the server and all its
    children are gone, as they are when the test process dies.
    """

    def __init__(
        self, repository: Path, *flags: str, control: str = "explicit", venv: Path = VENV, patience: float = 60.0
    ) -> None:
        self.repository = Path(repository)
        self.flags = flags
        self.control = control
        self.venv = venv
        self.patience = patience
        self.http = self.grpc = self.metrics = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: Path | None = None
        self._log = ""

    def __enter__(self) -> "TritonServer":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def log(self) -> str:
        """All that the server and its back ends have printed so far."""
        if self._folder is not None:
            self._log = (self._folder / "log").read_text(errors="replace")
        return self._log

    def complaints(self) -> str:
        """The lines of the log that are errors, or say that the server cannot go on."""
        return "\n".join(line for line in self.log.splitlines() if line.startswith(("E", "error", "Signal")))

    @property
    def pid(self) -> int:
        if self._process is None:
            raise RuntimeError("the server is not running")
        return self._process.pid

    def request(self, method: str, path: str, body: str | None = None, timeout: float = 30.0) -> tuple[int, str]:
        """Status and body of one HTTP request, as they come."""
        connection = http.client.HTTPConnection(self.http, timeout=timeout)
        try:
            connection.request(method, path, body)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def start(self) -> None:
        """Returns when the server is live; its models may not be ready.

        Raises `RuntimeError` with what it complained about if it stops before, `TimeoutError` after `patience` seconds.
        """
        self._folder = Path(tempfile.mkdtemp(prefix="triton-"))
        try:
            # Between our look for free ports and the server's bind somebody else may take one.
            for attempts_left in (2, 1, 0):
                self._launch(self._folder)
                if self._live():
                    return
                if "already in use" not in self.log or not attempts_left:
                    status = self._process and self._process.returncode
                    raise RuntimeError(f"tritonserver ended with {status} before it was live:\n{self.complaints()}")
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Ends the server, by force after a few seconds, and removes all that it left behind."""
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=8)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # the stubs of the back ends, and a server that did not listen
            process.wait()
        if self._folder is not None:
            self._log = self.log
            for region in Path("/dev/shm").glob(f"{self._folder.name}*"):
                region.unlink(missing_ok=True)
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _launch(self, folder: Path) -> None:
        version, site = self._python()
        triton = site / "pytriton/tritonserver"
        backends = lay_out_backends(triton, version, folder / "backends")
        http_port, grpc_port, metrics_port = free_ports(3)
        self.http, self.grpc, self.metrics = (f"127.0.0.1:{port}" for port in (http_port, grpc_port, metrics_port))
        command = [
            str(triton / "bin/tritonserver"),
            f"--model-repository={self.repository}",
            f"--model-control-mode={self.control}",
            f"--backend-directory={backends}",
            f"--cache-directory={triton / 'caches'}",
            # Shared memory under our own name, so that stop() can remove what a killed stub leaves.
            f"--backend-config=python,shm-region-prefix-name={folder.name}",
            f"--backend-config=onnxruntime,shm-region-prefix-name={folder.name}",
            "--http-address=127.0.0.1",
            f"--http-port={http_port}",
            "--grpc-address=127.0.0.1",
            f"--grpc-port={grpc_port}",
            "--metrics-address=127.0.0.1",
            f"--metrics-port={metrics_port}",
            "--allow-gpu-metrics=false",
            "--exit-timeout-secs=3",  # the default keeps the ports for 30 s
            *self.flags,
        ]
        libraries = [str(site / "nvidia_pytriton.libs"), *filter(None, [os.environ.get("LD_LIBRARY_PATH")])]
        environment = os.environ | {
            "LD_LIBRARY_PATH": os.pathsep.join(libraries),
            "PYTHONPATH": str(site),
        }
        parent = os.getpid()
        libc = ctypes.CDLL(None)

        def die_with_parent() -> None:
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:
                os._exit(1)

        with open(folder / "log", "wb") as log:
            self._process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )

    def _python(self) -> tuple[str, Path]:
        """The version of the server's Python, and the folder with its packages."""
        sites = sorted(self.venv.glob("lib/python3.*/site-packages"))
        if not sites or not (sites[0] / "pytriton/tritonserver").is_dir():
            raise FileNotFoundError(f"no nvidia-pytriton in {self.venv}; install tests/triton/requirements.txt there")
        return sites[0].parent.name.removeprefix("python"), sites[0]

    def _live(self) -> bool:
        """Waits until the server answers; false if it stops before that."""
        deadline = time.monotonic() + self.patience
        announcement = f"Started HTTPService at {self.http}"
        while time.monotonic() < deadline:
            assert self._process is not None
            if self._process.poll() is not None:
                return False
            # The log too: whoever took our port before us may well answer on it.
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.request("GET", "/v2/health/live")[0] == 200 and announcement in self.log:
                    return True
            time.sleep(0.05)
        raise TimeoutError(f"tritonserver is not live after {self.patience:.0f} s:\n{self.complaints()}")


def lay_out_backends(triton: Path, version: str, folder: Path) -> Path:
    """A back-end folder of our own: the wheel keeps the stub where its python back end does not look."""
    python = folder / "python"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(triton / "backends/python", python, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy2(triton / "python_backend_stubs" / version / "triton_python_backend_stub", python)
    shutil.copytree(HERE / "backends/onnxruntime", folder / "onnxruntime", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()
