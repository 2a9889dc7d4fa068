"""The directory as open data: Open Referral HSDS 3.1, by API and as tables. See docs/hsds.md."""
