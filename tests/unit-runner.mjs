import LightRunner from 'jest-light-runner/child-process';

/** Pools of processes by project. */
class Pools extends Map {
  #globalConfig;

  constructor(globalConfig) {
    super();
    this.#globalConfig = globalConfig;
  }

  set(projectConfig, { pool }) {
    const settings = { globalConfig: this.#globalConfig, projectConfig, runtime: 'child_process' };
    return super.set(projectConfig, { pool, run: ({ path }) => pool.run(path, { channel: new Channel(settings) }) });
  }
}

/** Between the runner and the process that runs one file of tests. */
class Channel {
  #settings;
  #tell;

  constructor(settings) {
    this.#settings = settings;
  }

  onMessage(tell) {
    this.#tell = tell;
  }

  postMessage(message) {
    if (message === 'jest-light-runner-get-worker-data')
      this.#tell({ type: 'jest-light-runner-worker-data', workerData: this.#settings });
  }
}

/**
 * jest-light-runner, but for what its processes are told. Each asks, before its first test, for the settings of the run. What
 * comes with the package (0.7.13, as 0.8.2) answers all of them when the first asks, and none again: one that was still loading
 * waits for ever, and the run with it. Here each is answered when it asks.
 */
export default class UnitRunner extends LightRunner {
  _testRunners = new Pools(this._globalConfig);
}
