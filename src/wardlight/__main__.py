"""`python -m wardlight` is the same as `wardlight`."""

from wardlight.config.cli import main

if __name__ == "__main__":
    main()
