// Loaded before a command (`node --require`): tells, once it ends, what all of it took, from the start of the process.
const { isMainThread } = require('node:worker_threads');

process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  const [seconds, cpu, peak] = [performance.now() / 1000, (user + system) / 1e6, process.resourceUsage().maxRSS * 1024];
  if (isMainThread) console.log(JSON.stringify({ seconds, cpu, peak }));
});
