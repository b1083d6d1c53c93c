// Stands for Lambda's runtime in a thread of its own: loads the bundle as it is and hands it one event at a time.
const { parentPort, workerData } = require('node:worker_threads');

const { handler } = require(workerData.code);

parentPort.on('message', async (event) => {
  try {
    const result = await handler(event, { awsRequestId: '00000000-0000-4000-8000-000000000000' });
    parentPort.postMessage({ result: result === undefined ? null : JSON.parse(JSON.stringify(result)) });
  } catch (error) {
    parentPort.postMessage({ errorType: error?.name ?? 'Error', message: error?.message ?? String(error) });
  }
});
