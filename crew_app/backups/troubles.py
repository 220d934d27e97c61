"""What can be wrong with a backup, in words for whoever looks after the machine."""


class BackupTrouble(Exception):
    """A backup cannot be made, read or used; the message says why and what to do."""


class WrongKey(BackupTrouble):
    """It was encrypted with another key."""

    def __init__(self, about: str) -> None:
        super().__init__(f"{about}: the key is not the one it was encrypted with. Give that one with --key-file.")


class Damaged(BackupTrouble):
    """A file of a backup is not what was written there."""

    def __init__(self, about: str, why: str) -> None:
        super().__init__(f"{about}: {why}")
        self.about, self.why = about, why
