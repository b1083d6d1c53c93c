/** What `barter init` writes: a whole valid agreement, every section explained, to be made one's own. */
export const starterAgreement = `# yaml-language-server: $schema=./agreement.schema.json
#
# A barter agreement, to be made your own. It is valid as it stands: a gym and a greengrocer swap what they know of
# their customers. With the line above, editors that know YAML schemas complete every key and explain it.
#
#   barter check agreement.yaml       lists everything that is wrong, with its place and what would be right
#   barter rehearse agreement.yaml --data visits=visits.csv --data orders=orders.csv

agreement: gym-grocer            # lower-case words joined by hyphens
version: 1                       # raise it with every amendment
title: Gym visits for grocery orders

# Who barters: two parties or more, each under a short name that the rest of the file uses.
parties:
  gym:
    name: Riverside Fitness Ltd
    account: "111122223333"      # AWS account, 12 digits, in quotes
    jurisdiction: UK             # EU, a country, or a part of one: US-CA
    contacts:
      exchange: exchange@gym.example.com
      privacy: privacy@gym.example.com
      # security: security@gym.example.com
  grocer:
    name: Green Basket GmbH
    account: "444455556666"
    jurisdiction: DE
    contacts:
      exchange: exchange@grocer.example.com
      privacy: privacy@grocer.example.com
    # Only for a party that something reaches by sftp (see legs). Replace the key and the address range.
    sftp:
      publicKeys:
        - ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINZlfGAMJxbe9xA+LoH7+a1VGPLe78QdcJBv5x241cQH exchange@grocer.example.com
      cidrs: [192.0.2.0/24]

# From when to when, and how it is left. Durations are ISO 8601: P7D a week, P1M a month, P1Y a year, PT12H half a day.
term:
  starts: 2026-01-01
  ends: 2026-12-31
  exit:
    notice: P30D                 # how long before leaving a party says so
    destroyWithin: P30D          # by when received data is destroyed after the end

# What is bartered. Every column of the files is named, with
#   type   string, integer, double, boolean, date, timestamp, decimal or decimal(precision,scale)
#   role   identifier  names a person by itself
#          quasi       helps to single a person out together with others, such as age or postcode
#          sensitive   must not be learnt of a person
#          plain       neither
#   treatment  token, mask, drop, keep, generalise, { mask: { keepFirst: 2 } } or { dateShift: { days: 30 } }; also
#              formatPreserving, topBottom, round, noise, microaggregate and commonText, each with its own settings.
#          An identifier is never kept; a quasi column is generalised, masked or dropped; all else is kept by default.
datasets:
  visits:
    owner: gym
    title: Visits to the gym
    subject: member              # whom a row is about: privacy is counted in members, not in rows
    persons: members of the gym, from 16 years on   # as the record of processing names them (GDPR art. 30)
    columns:
      member: { type: string, role: identifier, treatment: token }    # linkable, but readable by nobody
      name: { type: string, role: identifier, treatment: drop }
      birth_year: { type: integer, role: quasi, generalise: { widths: [5, 10, 20] } }
      postcode: { type: string, role: quasi, generalise: { prefixes: [4, 3, 2] } }
      joined: { type: date, role: quasi, generalise: { dates: [month, quarter, year] }, weight: 0.5 }
      # Any column can be generalised by a file beside this one, one row per value: value;level 1;level 2
      # tariff: { type: string, role: quasi, generalise: { hierarchy: tariff.csv } }
      goal: { type: string, role: sensitive }
      visited_on: { type: date, role: plain, treatment: { dateShift: { days: 7 } } }
      minutes: { type: integer, role: plain, check: minutes between 1 and 1440 }
    clean:
      dedupe: [member, visited_on]   # rows alike in these columns are delivered once
      rejectAbove: 2%                # with more rejected rows the whole delivery is refused
      missingTexts: ["", "NA"]       # what stands for a missing value
    privacy:
      k: 10                      # fewest members who share all quasi columns
      l: { goal: 2 }             # fewest different goals among them
      suppressAtMost: 5%         # rows that may be left out to get there
  orders:
    owner: grocer
    title: Orders of groceries
    subject: customer
    persons: customers with an account
    columns:
      customer: { type: string, role: identifier, treatment: token }
      age: { type: integer, role: quasi, generalise: { widths: [5, 10, 20] }, missing: reject }
      city: { type: string, role: quasi, generalise: { prefixes: [3, 1] } }
      diet: { type: string, role: sensitive, missing: { fill: none } }
      ordered_at: { type: timestamp, role: plain, check: "ordered_at >= '2025-01-01'" }
      items: { type: integer, role: plain, check: items >= 1 }
      total: { type: "decimal(10,2)", role: plain, check: [total > 0, total < 5000] }
    clean:
      dedupe: true               # rows alike in all columns
      rejectAbove: 2%
    privacy:
      k: 10                      # floors are alike for all, unless a clause says otherwise (asymmetry: "4.2")
      l: { diet: 2 }
      t: { diet: 0.4 }           # no group's diets are farther than this from everybody's
      suppressAtMost: 5%

# Who gives what to whom. Everybody gives and gets; a round reaches everybody or nobody.
#   via      data-grant, lake-formation, sftp, api, query-only, { product: … }, { snowflake: … } or { gcs: … }
#   purposes terms of the W3C Data Privacy Vocabulary: https://w3id.org/dpv
legs:
  - from: gym
    to: grocer
    dataset: visits
    every: P1M
    via: sftp
    retain: P180D                # how long a release may be kept
    purposes: [CommercialResearch, ServiceOptimisation]
    forbids: [resale, onwardSharing, reidentification]
  - from: grocer
    to: gym
    dataset: orders
    every: P1M
    via: data-grant
    retain: P180D
    purposes: [CommercialResearch]
    forbids: [resale, onwardSharing, reidentification]

# When a swap is fair: by how much less than it gives a party may get, and what happens to a round beyond that.
fairness:
  tolerance: 25%
  outside: withhold              # or warn: the report says so, nothing follows; clause 1.2 is then legalOnly
  weights: { visits: 1, orders: 1.2 }   # agreed worth of one person's data

# What follows when something goes wrong.
remedies:
  - { on: late-delivery, after: P3D, do: suspend-counterpart }
  - { on: forbidden-access, do: suspend-party }
  - { on: overdue-destruction, after: P7D, do: warn }

# What the contract says. Each clause names the control that carries it out, or says that only the law does.
clauses:
  - id: "1.1"
    text: Neither party receives a release unless all releases of the round are certified.
    control: [escrow.all-or-none, certificate.measured]
  - id: "1.2"
    text: What a party gets is worth at least three quarters of what it gives, or the round is withheld.
    control: fairness.balance
  - id: "1.3"
    text: A party that is three days late with its delivery receives nothing until it has delivered.
    control: interlock.delivery
  - id: "2.1"
    text: Names are not disclosed; customer numbers are replaced by tokens.
    control: [treatment.drop, treatment.token]
  - id: "2.2"
    text: No group of fewer than ten people is disclosed, and no group that gives a goal or a diet away.
    control: [privacy.k, privacy.l]
  - id: "3.1"
    text: Data is stored encrypted and travels encrypted.
    control: [storage.encrypted, transport.tls]
  - id: "3.2"
    text: Every access is logged and reported each month. A party whose access is not agreed receives nothing until that is settled.
    control: [audit.logged, audit.report, remedy.forbidden-access]
  - id: "3.3"
    text: At the end all copies are destroyed within thirty days; a week later both are told who has not confirmed it.
    control: [exit.destruction, remedy.overdue-destruction]
  - id: "4.1"
    text: The receiving party owns what it derives.
    legalOnly: true
`;
