"""A program that ends before it does anything, and leaves a child behind."""
import subprocess
import sys

child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("child", child.pid)
print("\x1b]0;owned\x07 I crash")
raise SystemExit(7)
