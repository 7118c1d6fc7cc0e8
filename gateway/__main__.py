"""`python -m gateway`, and the `tabane` command."""

from gateway.cli import main

if __name__ == "__main__":
    main()
