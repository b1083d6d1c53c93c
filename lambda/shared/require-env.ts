import type { EnvironmentName } from '../../lib/domain/room/environment';

/** @throws Error where the function was deployed without it. */
export function requireEnv(name: EnvironmentName): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set: deploy the room again.`);
  return value;
}
