"""`python -m nonce_migrate`."""

from nonce_migrate.cli import main

if __name__ == "__main__":
    main()
