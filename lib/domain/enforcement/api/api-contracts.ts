import * as z from 'zod';
import { currentSchema, endingSchema } from '../../registry/agreement-records';
import { breachSchema } from '../../registry/conduct-records';
import { DOOR_BOUNDS } from '../doors/door-bounds';
import { PAUSE_FAULTS } from '../words/judge-pause';
import { STATEMENT_FAULTS } from '../words/party-statement';
import type { ApiOperation } from './api-operations';
import {
  accessesSchema,
  attestRequestSchema,
  certifiedSchema,
  confirmRequestSchema,
  deliveriesSchema,
  erasureRequestSchema,
  erasuresSchema,
  noticeRequestSchema,
  overruleRequestSchema,
  pauseRequestSchema,
  problemRequestSchema,
  problemsSchema,
  receiptRequestSchema,
  releasesSchema,
  signRequestSchema,
  startedErasureSchema,
  statusSchema,
  uploadRequestSchema,
} from './api-schemas';

const paused = {
  201: {
    description: 'On record: in which state the agreement is, and who has it stand still.',
    schema: z.object({
      decision: z.literal('permit'),
      state: currentSchema.shape.state,
      heldBy: z.array(z.string()).describe('Parties, or `operator`: it goes on when all of them have said so.'),
    }),
  },
  409: {
    description:
      'It is not active, or not suspended (`other-state`), was suspended by others (`of-others`), something was said since (`later-word`), or the party said so ten times on that day, UTC (`too-often`).',
    schema: z.object({ reason: z.enum(PAUSE_FAULTS) }),
  },
};

interface ApiContract {
  readonly summary: string;
  /** What is asked in the address besides, and what for. */
  readonly query?: Readonly<Record<string, { readonly description: string; readonly required: boolean }>>;
  readonly request?: z.ZodType;
  readonly answers: Readonly<Record<string, { readonly description: string; readonly schema: z.ZodType }>>;
}

/** What a request without a signature is answered, beside what else speaks against it. */
const unsigned = {
  version: z.int().exactOptional().describe('Of `unsigned`: under which version it is said.'),
  content: z.string().exactOptional(),
  toSign: z
    .string()
    .exactOptional()
    .describe(
      'Of `unsigned`: the bytes to sign, in UTF-8. Send the same again with version, content and the signature.',
    ),
};

const done = { description: 'On record.', schema: z.object({ decision: z.literal('permit') }) };

/** What each operation takes and answers, beside the refusals that all have. */
export const API_CONTRACTS: Readonly<Record<ApiOperation, ApiContract>> = {
  'read-agreement': {
    summary: 'Where the agreement stands, and what the party may reach',
    answers: { 200: { description: 'Its state.', schema: statusSchema } },
  },
  'request-upload': {
    summary: 'A link by which one file of a dataset is handed in',
    request: uploadRequestSchema,
    answers: {
      201: {
        description: 'The link, and the headers that have to be sent with it.',
        schema: z.object({
          decision: z.literal('permit'),
          method: z.literal('PUT'),
          url: z.url(),
          headers: z.record(z.string(), z.string()),
          expiresAt: z.iso.datetime(),
        }),
      },
    },
  },
  'list-deliveries': {
    summary: 'What the party owes and has delivered, by round',
    answers: { 200: { description: 'Its deliveries.', schema: deliveriesSchema } },
  },
  'list-releases': {
    summary: 'Releases that the party gives or gets',
    answers: { 200: { description: 'Its releases.', schema: releasesSchema } },
  },
  'read-release': {
    summary: 'Links by which the files of a release are read, for a leg that is delivered by the API',
    query: {
      purpose: {
        description: 'What it is read for: one of the leg’s purposes, a term of the Data Privacy Vocabulary.',
        required: true,
      },
    },
    answers: {
      200: {
        description: 'One link for each file. What they hold is counted against the quota of the leg.',
        schema: z.object({
          decision: z.literal('permit'),
          files: z.array(z.object({ name: z.string(), bytes: z.int(), url: z.url() })),
          expiresAt: z.iso.datetime(),
        }),
      },
    },
  },
  'read-certificate': {
    summary: 'The certificate of a release: what was measured of it, and the hashes to hold what was received against',
    answers: {
      200: {
        description:
          'The release on record, and its certificate: for its giver at once, for its receiver once the round is out.',
        schema: certifiedSchema,
      },
      404: {
        description:
          'There is no such release (`no-such-release`), or its certificate is kept no longer (`no-longer-here`).',
        schema: z.object({ reason: z.enum(['no-such-release', 'no-longer-here']) }),
      },
      409: {
        description: 'The round is not out: its receiver is told nothing of it.',
        schema: z.object({ reason: z.literal('not-published') }),
      },
    },
  },
  'list-accesses': {
    summary: 'What was accessed by and of the party',
    query: {
      before: {
        description: 'The position that the last page gave: what comes before it. Absent: the latest.',
        required: false,
      },
    },
    answers: {
      200: {
        description: 'Its accesses and those to what it gives or gets, the latest first.',
        schema: accessesSchema,
      },
    },
  },
  'sign-version': {
    summary: 'Signs a version of the agreement',
    request: signRequestSchema,
    answers: {
      201: {
        description: 'Signed.',
        schema: z.object({
          decision: z.literal('permit'),
          unsigned: z.array(z.string()).describe('Who has still to sign.'),
        }),
      },
      409: {
        description: 'The signature does not hold; or there is none, and only the version is named (`unsigned`).',
        schema: z.object({ reason: z.string(), ...unsigned }),
      },
    },
  },
  'give-notice': {
    summary: 'Gives notice: the agreement ends after its notice period',
    request: noticeRequestSchema,
    answers: {
      201: {
        description: 'The notice that stands: this one, or the first that was given.',
        schema: z.object({ decision: z.literal('permit'), notice: endingSchema }),
      },
      409: {
        description: 'Nothing binds anybody yet, or the agreement has ended.',
        schema: z.object({ reason: z.enum(['not-signed', 'over']) }),
      },
    },
  },
  'suspend-agreement': {
    summary:
      'Suspends the agreement: what the party gives and gets is taken back, and nothing published, until the same party resumes it',
    request: pauseRequestSchema,
    answers: paused,
  },
  'resume-agreement': {
    summary: 'Has an agreement go on that the party suspended',
    request: pauseRequestSchema,
    answers: paused,
  },
  'overrule-breach': {
    summary: 'Has nothing follow any more from a breach of another that concerns the party, and that was none',
    request: overruleRequestSchema,
    answers: {
      201: {
        description: 'On record, once and for all: by whom, when and why; the first word that was said.',
        schema: z.object({ decision: z.literal('permit'), overruled: breachSchema.shape.overruled.unwrap() }),
      },
      404: { description: 'There is no such breach.', schema: z.object({ reason: z.literal('no-such-breach') }) },
      409: {
        description: 'It is a breach of the party’s own, or of others on a leg of others (`not-to-overrule`).',
        schema: z.object({ reason: z.literal('not-to-overrule') }),
      },
    },
  },
  'attest-destruction': {
    summary: 'Attests that what was received by a leg is destroyed, or releases of it whose time is over',
    request: attestRequestSchema,
    answers: {
      201: done,
      409: {
        description:
          'The agreement has not ended, and no releases are named: all is destroyed after its end (`not-ended`). A release that is named is not out (`not-received`). Or the signature does not hold, or there is none (`unsigned`).',
        schema: z.object({
          reason: z.enum(['not-ended', 'not-received', 'unsigned', ...STATEMENT_FAULTS]),
          ...unsigned,
        }),
      },
    },
  },
  'request-erasure': {
    summary: 'Has a person erased: left out of what is released from now on, and by the receivers from what they have',
    request: erasureRequestSchema,
    answers: {
      201: { description: 'On record.', schema: startedErasureSchema },
      429: {
        description: `A day, UTC, has ${DOOR_BOUNDS.erasures} persons erased from a dataset, and no more (\`too-many-today\`): ask for the others on the next.`,
        schema: z.object({ reason: z.string() }),
      },
      409: {
        description:
          'Nobody can be found in the dataset (`no-subject`), or its keys are gone, and with them what could tell whose a token is (`keys-gone`).',
        schema: z.object({ reason: z.string() }),
      },
    },
  },
  'list-erasures': {
    summary: 'Whom the party asked to erase, and whom it has to erase, by which tokens and until when',
    answers: { 200: { description: 'Those of its legs.', schema: erasuresSchema } },
  },
  'confirm-erasure': {
    summary: 'Confirms that persons are erased from releases that were received by a leg, up to a hundred at once',
    request: confirmRequestSchema,
    answers: {
      201: done,
      404: {
        description: 'There is no such erasure of that leg: nothing is on record of any that were named.',
        schema: z.object({ reason: z.string(), erasure: z.string().exactOptional() }),
      },
      409: {
        description:
          'A release that it names is not out (`not-received`), a signature does not hold, or there are none (`unsigned`): nothing is on record of any that were named.',
        schema: z.object({
          reason: z.enum(['not-received', 'unsigned', ...STATEMENT_FAULTS]),
          erasure: z.string().exactOptional().describe('Of which it is so.'),
          version: unsigned.version,
          content: unsigned.content,
          confirmations: z
            .array(z.object({ erasure: z.string(), toSign: z.string() }))
            .exactOptional()
            .describe('Of `unsigned`: the bytes to sign for each, in UTF-8.'),
        }),
      },
    },
  },
  'confirm-receipt': {
    summary: 'Says which files have arrived of a release: held against what its giver promised',
    request: receiptRequestSchema,
    answers: {
      201: {
        description: 'On record.',
        schema: z.object({
          decision: z.literal('permit'),
          received: z.enum(['as-promised', 'other']).describe('Whether they are the files of the release on record.'),
        }),
      },
      404: { description: 'There is no such release.', schema: z.object({ reason: z.literal('no-such-release') }) },
      409: {
        description: 'The signature does not hold, or there is none (`unsigned`).',
        schema: z.object({ reason: z.enum(['unsigned', ...STATEMENT_FAULTS]), ...unsigned }),
      },
    },
  },
  'list-problems': {
    summary: 'Problems that were reported, by the party or of what concerns it',
    answers: { 200: { description: 'Those, the latest first.', schema: problemsSchema } },
  },
  'report-problem': {
    summary: 'Reports a problem: to the other party of a leg, or to all, and to whoever runs the room',
    request: problemRequestSchema,
    answers: {
      201: done,
      404: { description: 'The party has no such leg.', schema: z.object({ reason: z.literal('no-such-leg') }) },
      409: {
        description: 'The party has reported as many today as are taken on a day.',
        schema: z.object({ reason: z.literal('too-many') }),
      },
    },
  },
};
