"""`python -m insurers.sompo.sandbox`: the imitation Sompo Japan by itself."""

from insurers.sandbox import main
from insurers.sompo.sandbox import build

main(build, prog="sompo-sandbox", port=8103, control_port=8104)
