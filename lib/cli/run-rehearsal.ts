import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../domain/agreement/plan/plan';
import { listFailedDatasets } from '../domain/exchange/gates/judge-failed-release';
import { buildRoomReport } from '../domain/exchange/report/build-room-report';
import type { RoundOutcome } from '../domain/exchange/rounds/round';
import { openDuckDbEngine } from '../engine/duckdb/duckdb-engine';
import type { RehearsalProgress } from '../rehearsal/rehearsal';
import { rehearseRound } from '../rehearsal/rehearse-round';
import { openRoundFolder, ROUND_RECORD } from '../rehearsal/round-folder';
import { renderRoomReport } from '../report/render-room-report';
import { describeRound } from './describe/describe-round';
import { EXIT } from './describe/exit-code';
import { STOP_SIGNALS } from './describe/stop-signals';
import type { Terminal } from './describe/terminal';
import type { RoundRecording } from './round-record';
import { TOOL_VERSION } from './tool-version';

interface RehearsalRun {
  readonly plan: Plan;
  /** Of the round. */
  readonly legs: readonly string[];
  readonly deliveries: ReadonlyMap<string, string>;
  readonly out: string;
  readonly keysFolder: string;
  readonly erasedFrom: (dataset: string) => readonly string[];
  readonly recording: RoundRecording;
  readonly searchMinutes?: number;
  readonly memoryLimit?: string;
  readonly json: boolean;
  readonly terminal: Terminal;
}

/** One round with progress, clean interruption and the result in words (or as JSON). */
export async function runRehearsal(run: RehearsalRun): Promise<RoundOutcome> {
  const { plan, terminal, out, recording } = run;
  // What is written here is for the parties' eyes; on this machine that is whoever runs the rehearsal.
  process.umask(0o077);
  const folder = openRoundFolder(out, plan.agreement.id);
  const interrupt = () => {
    folder.discard();
    terminal.err('Interrupted. Nothing was delivered.');
    process.exit(EXIT.interrupted);
  };
  // Not `once`: a second Ctrl-C must not cut short the clearing up after the first.
  for (const signal of STOP_SIGNALS) process.on(signal, interrupt);
  try {
    const outcome = await rehearseRound({
      plan,
      legs: run.legs,
      deliveries: run.deliveries,
      folder,
      keysFolder: run.keysFolder,
      keyOnRecord: recording.keyOnRecord,
      erasedFrom: run.erasedFrom,
      ...(recording.kind === 'round' && { record: recording.book }),
      ...(run.searchMinutes !== undefined && { searchMinutes: run.searchMinutes }),
      toolVersion: TOOL_VERSION,
      openEngine: (scratch) =>
        openDuckDbEngine({
          directory: scratch,
          ...(run.memoryLimit !== undefined && { memoryLimit: run.memoryLimit }),
        }),
      renderReport: (plan, outcome) =>
        renderRoomReport(
          buildRoomReport(plan, outcome, { toolVersion: TOOL_VERSION, produced: new Date().toISOString() }),
        ),
      onProgress: (progress) => terminal.progress(describeProgress(progress)),
    });
    terminal.endProgress();
    terminal.out(
      run.json
        ? readFileSync(join(out, ROUND_RECORD), 'utf8').trimEnd()
        : `${describeRound(plan, outcome, out, terminal.colour)}\n\n${describeRecording(recording, outcome)}`,
    );
    return outcome;
  } finally {
    for (const signal of STOP_SIGNALS) process.off(signal, interrupt);
    folder.discard();
  }
}

function describeRecording(recording: RoundRecording, outcome: RoundOutcome): string {
  if (recording.kind === 'trial') return `On record: nothing. This is a trial: ${recording.why}.`;
  const rounds = `the round of ${recording.days.join(' and ')}`;
  if (outcome.kind === 'delivered') return `On record: ${rounds}. See barter status.`;
  const failed = listFailedDatasets(outcome);
  const what =
    failed.length === 0
      ? 'nothing'
      : `that ${failed.join(' and ')} cannot be certified (failed-release, barter status)`;
  return `On record: ${what}. ${rounds[0]!.toUpperCase()}${rounds.slice(1)} stays open.`;
}

function describeProgress({ dataset, stage, to, note }: RehearsalProgress): string {
  const words = {
    inspect: `${dataset}: looking whether it can be read`,
    clean: `${dataset}: reading and cleaning`,
    count: `${dataset}: counting who looks alike`,
    solve: `${dataset}: searching for the least generalisation`,
    release: `${dataset}: treating for ${to}`,
    measure: `${dataset}: measuring what ${to} would get`,
  }[stage];
  return `${words} …${note ? ` ${note}` : ''}`;
}
