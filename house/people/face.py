"""What other wings may use of people: who is signed in, accounts, companies, the count of tries."""

from house.people.accounts import add_company, close_account, company, house_body, open_account
from house.people.links import send_sign_in_link
from house.people.managing import Member, Reach, authority_body, members, names, reach_of
from house.people.models import Body, BodyKind
from house.people.networks import brake, from_network
from house.people.signing_in import Bucket, Person, count_attempt, count_done, first_time, person

__all__ = [
    "Body", "BodyKind", "Bucket", "Member", "Person", "Reach", "add_company", "authority_body",
    "brake", "close_account", "company", "count_attempt", "count_done", "first_time", "from_network",
    "house_body", "members", "names", "open_account", "person", "reach_of", "send_sign_in_link",
]  # fmt: skip
