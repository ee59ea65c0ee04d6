"""GOV-1: government procurement."""

from sekisho.desk.rules.gov_1.judge import judge

__all__ = ["judge"]
