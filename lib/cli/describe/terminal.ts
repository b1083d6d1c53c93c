import picocolors from 'picocolors';
import { errorCode } from '../../error-code';
import { EXIT } from './exit-code';

/** What a command prints with. Results go to `out`; progress, warnings and errors to `err`. Colours only on a terminal. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** One line that says what is being done; on a terminal it is rewritten in place, elsewhere each step is a line. */
  progress(text: string): void;
  /** Ends the progress line, so that the next output starts on a line of its own. */
  endProgress(): void;
  readonly colour: ReturnType<typeof picocolors.createColors>;
  readonly errColour: ReturnType<typeof picocolors.createColors>;
}

export function openTerminal(out: NodeJS.WriteStream, err: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Terminal {
  for (const stream of [out, err]) stream.on('error', ignoreClosedPipe);
  const wantsColour = (stream: NodeJS.WriteStream) =>
    env.NO_COLOR === undefined && (env.FORCE_COLOR !== undefined || (stream.isTTY === true && env.TERM !== 'dumb'));
  const rewrites = err.isTTY === true && env.TERM !== 'dumb';
  const started = performance.now();
  let shown = '';
  let ticker: NodeJS.Timeout | undefined;

  const draw = () => {
    const seconds = Math.floor((performance.now() - started) / 1000);
    err.write(`\r\x1b[2K${shown} ${seconds > 1 ? `(${seconds} s)` : ''}`);
  };
  const endProgress = () => {
    if (ticker === undefined) return;
    clearInterval(ticker);
    ticker = undefined;
    err.write('\r\x1b[2K');
  };
  return {
    out: (text) => {
      endProgress();
      out.write(`${text}\n`);
    },
    err: (text) => {
      endProgress();
      err.write(`${text}\n`);
    },
    progress: (text) => {
      if (text === shown) return;
      shown = text;
      if (!rewrites) {
        err.write(`${text}\n`);
        return;
      }
      ticker ??= setInterval(draw, 500).unref();
      draw();
    },
    endProgress,
    colour: picocolors.createColors(wantsColour(out)),
    errColour: picocolors.createColors(wantsColour(err)),
  };
}

/** `barter … | head`: whoever reads may stop reading; the work goes on. Nobody is left to be told of another fault. */
function ignoreClosedPipe(error: unknown): void {
  if (errorCode(error) !== 'EPIPE') process.exitCode = EXIT.unexpected;
}
