"""`python -m sim` is `detente`."""

from sim.cli.main import main

if __name__ == "__main__":
    main()
