"""The peers, of pinned versions, in a private folder; what can't be had is left out, with why."""
import os
import pathlib
import shutil
import subprocess
import sys

PYTHON = {"duckdb": "2.0.0", "polars": "2.1.0", "numpy": "2.4.6"}
NODE = {"@gorules/zen-engine": "0.54.0", "json-logic-engine": "5.0.7"}


class Peers:
    """How each peer is started, by name; and by name why one is missing."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.python = str(self.folder / "venv/bin/python")
        self.versions, self.missing = {}, {}
        for name, version in PYTHON.items():
            self.add(name, version, self.python_has, self.python_get)
        for name, version in NODE.items():
            self.add(name, version, self.node_has, self.node_get)
        os.environ["NODE_PATH"] = str(self.folder / "node_modules")

    def add(self, name, version, has, get):
        if not has(name, version):
            try:
                get(name, version)
            except (OSError, subprocess.CalledProcessError) as error:
                said = (getattr(error, "stderr", "") or str(error)).strip().split("\n")
                self.missing[name] = next((line for line in said if "rror" in line), said[-1])
                return
        self.versions[name] = version

    def python_has(self, name, version):
        return any(self.folder.glob(f"venv/lib/python*/site-packages/{name}-{version}.dist-info"))

    def python_get(self, name, version):
        if not os.path.exists(self.python):
            quietly(sys.executable, "-m", "venv", str(self.folder / "venv"))
        quietly(self.python, "-m", "pip", "install", "--quiet", f"{name}=={version}")

    def node_has(self, name, version):
        text = self.folder / "node_modules" / name / "package.json"
        return text.exists() and f'"version": "{version}"' in text.read_text()

    def node_get(self, name, version):
        if not shutil.which("npm"):
            raise FileNotFoundError("there is no npm")
        quietly("npm", "install", "--prefix", str(self.folder), "--no-audit", "--no-fund",
                f"{name}@{version}")


def quietly(*command):
    subprocess.run(command, check=True, capture_output=True, text=True)
