/** What the room tells itself, on its own bus. Nobody else can put anything there. */
export const ROOM_EVENTS = {
  source: 'barter.room',
  /** Something happened that the agreement forbids: see `BreachReport`. */
  breachReported: 'Breach Reported',
  /** A person found that a breach is none: see `Overruling`. */
  breachOverruled: 'Breach Overruled',
  /** A person has an agreement stand still, or go on: see `PauseWord`. */
  agreementSuspended: 'Agreement Suspended',
  agreementResumed: 'Agreement Resumed',
  /** What was reported, overruled, suspended or resumed is on record: what is granted may have to change. */
  breachRecorded: 'Breach Recorded',
  /** Every leg of a dataset passed its gates, and waits for the rest of its round: with the token that resumes it. */
  releaseCertified: 'Release Certified',
  /** A party gave notice: others are to be told. */
  noticeGiven: 'Notice Given',
  /** A party had an agreement stand still, or go on, and that is on record: others are to be told, grants may have to change. */
  agreementPaused: 'Agreement Paused',
  /** A party overruled a breach, and that is on record: others are to be told, and grants may have to change. */
  breachLifted: 'Breach Lifted',
  /** A party reported a problem: others are to be told, and whoever runs the room. */
  problemReported: 'Problem Reported',
  /** The last signature under a version, or a statement that a party has signed, is on record: grants may have to change. */
  wordRecorded: 'Word Recorded',
  /** The workflow took a delivery no further: see `WithheldDelivery`. */
  deliveryWithheld: 'Delivery Withheld',
  /** Said every day by the stack of each agreement, which the registry then has to know. */
  agreementDeployed: 'Agreement Deployed',
  /** A round was published whole, or withheld whole. */
  roundEnded: 'Round Ended',
  /** Another peer's room has said something of a round that holds, or asks what this one has said. */
  peerHeard: 'Peer Heard',
} as const;

/** What peers' rooms tell one another, on the bus that each has for the agreement's partners. */
export const PEER_EVENTS = {
  source: 'barter.peer',
  commitment: 'Release Commitment',
  /** What a room has on record of a breach: see `ToldBreach`. */
  breach: 'Breach Told',
} as const;

/** Why entitlements are compared with what they should be, beside an event. */
export const RECONCILE_CAUSES = ['schedule', 'term'] as const;
export type ReconcileCause = (typeof RECONCILE_CAUSES)[number];
