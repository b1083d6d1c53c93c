import { InvalidInput } from '../describe/exit-code';

/** Of every command that opens the embedded engine. */
export const MEMORY_OPTION = [
  '--memory <size>',
  'what the engine may hold before it puts data aside on disk, in MB or GB (default: 2GB)',
] as const;

/** Less would not hold a row group of each column. */
const LEAST_MEGABYTES = 100;

/**
 * The option as the engine takes it; nothing where it is left away.
 * @throws InvalidInput
 */
export function readMemory(text: string | undefined): { readonly memoryLimit?: string } {
  if (text === undefined) return {};
  const [, number = '0', unit = 'M'] = /^(\d{1,6}(?:\.\d{1,3})?) ?([MG])i?B?$/i.exec(text) ?? [];
  const megabytes = Math.floor(Number(number) * (unit.toUpperCase() === 'G' ? 1024 : 1));
  if (megabytes >= LEAST_MEGABYTES) return { memoryLimit: `${megabytes}MiB` };
  throw new InvalidInput(`--memory is a size of ${LEAST_MEGABYTES} MB or more, such as 500MB or 4GB.`);
}
