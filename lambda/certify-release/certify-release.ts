import type { WorkflowRun } from '../../lib/domain/room/workflow-run';
import type { Log } from '../log';

export class ReleaseNotCertified extends Error {
  override readonly name = 'ReleaseNotCertified';
}

/**
 * Certifies nothing: a certificate is made of what the second run of the Glue job measured, and this version of that job
 * measures nothing.
 * @throws ReleaseNotCertified always, so that the workflow withholds the release.
 */
export function certifyRelease({ agreement, dataset }: Pick<WorkflowRun, 'agreement' | 'dataset'>, log: Log): never {
  log.warn('Release not certified: this version of the room measures none', { agreement, dataset });
  throw new ReleaseNotCertified(`${agreement}/${dataset}: nothing was measured, so nothing is certified.`);
}
