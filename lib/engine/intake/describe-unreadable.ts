import { errorCode } from '../../error-code';
import type { DeliveryProblem } from './delivery-problem';

/** What to say of a file that the system does not let be read; undefined where the error is about something else. */
export function describeUnreadable(where: string, error: unknown): DeliveryProblem | undefined {
  const code = errorCode(error);
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return {
        where,
        problem: 'it may not be read',
        remedy: 'Let whoever runs this read it, and the folders above it.',
      };
    case 'ENOENT':
      return { where, problem: 'there is no such file or folder', remedy: 'Correct the path.' };
    case 'ENOTDIR':
      return { where, problem: 'a folder of its path is a file', remedy: 'Correct the path.' };
    case 'ELOOP':
      return { where, problem: 'its links lead around in a circle', remedy: 'Put the file itself there.' };
    case 'ENAMETOOLONG':
      return { where, problem: 'the name is too long', remedy: 'Correct the path, or choose a shorter name.' };
    case 'EIO':
    case 'EISDIR':
    case 'EBUSY':
    case 'ENXIO':
    case 'ENODEV':
    case 'ESTALE':
    case 'ETIMEDOUT':
      return { where, problem: `it cannot be read (${code})`, remedy: 'Check that its disk is there and sound.' };
    default:
      return undefined;
  }
}
