import { parse } from 'yaml';
import { type Inventory, inventorySchema } from '../../audit/grounds/inventory';
import { InvalidInput } from '../describe/exit-code';
import { readTextFile, UnreadableFile } from './read-text-file';

/** @throws InvalidInput naming every key that is not as it must be. */
export function loadInventory(file: string): Inventory {
  const parsed = inventorySchema.safeParse(readYaml(file));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${file}: ${path.join('.') || 'the file'}: ${message}`,
  );
  throw new InvalidInput(`${problems.join('\n       ')}\n       docs/audit.md says what an inventory holds.`);
}

function readYaml(file: string): unknown {
  try {
    return parse(readTextFile(file, file), { maxAliasCount: 0 });
  } catch (error) {
    if (error instanceof UnreadableFile) {
      throw new InvalidInput(`${error.message}. An audit needs an inventory of the room: see docs/audit.md.`, {
        cause: error,
      });
    }
    const [line = ''] = error instanceof Error ? error.message.split('\n') : [];
    throw new InvalidInput(`${file} is no YAML: ${line}`, { cause: error });
  }
}
