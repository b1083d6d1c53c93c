import { readFileSync } from 'node:fs';
import { assembleKernel, KERNELS } from '../../scripts/assemble-kernels';

it.each(KERNELS)('$name is what its text is assembled to', async (kernel) => {
  expect(readFileSync(kernel.code, 'utf8')).toBe(await assembleKernel(kernel));
});
