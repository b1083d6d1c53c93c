import * as z from 'zod';
import { API_CONTRACTS } from './api-contracts';
import { API_OPERATIONS } from './api-operations';
import { forbiddenSchema } from './api-schemas';

/** The room's API for partners, as an OpenAPI 3.1 document made from the schemas that it is read and answered by. */
export function writeApiDocument(version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { id, method, path } of API_OPERATIONS) {
    const { summary, query = {}, request, answers } = API_CONTRACTS[id];
    paths[path] = {
      ...paths[path],
      [method.toLowerCase()]: {
        operationId: id,
        summary,
        parameters: [
          ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) =>
            describe(name, 'path', { description: PARAMETERS[name] ?? name, required: true }),
          ),
          ...Object.entries(query).map(([name, parameter]) => describe(name, 'query', parameter)),
        ],
        ...(request === undefined ? {} : { requestBody: { required: true, content: json(request, 'input') } }),
        responses: {
          ...Object.fromEntries(
            Object.entries(answers).map(([status, { description, schema }]) => [
              status,
              { description, content: json(schema, 'output') },
            ]),
          ),
          ...(request === undefined && Object.keys(query).length === 0
            ? {}
            : {
                400: {
                  description: 'Body or parameters are not as they should be.',
                  content: json(malformed, 'output'),
                },
              }),
          403: { description: 'Forbidden, and by which clause.', content: json(forbiddenSchema, 'output') },
          429: { description: 'Asked too often: wait a second, or some.', content: json(forbiddenSchema, 'output') },
        },
      },
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Barter Room: what partners ask',
      version,
      description:
        'Every request is signed (AWS Signature Version 4, service `execute-api`) by the role of its party, decided by the policies of the agreement, and recorded.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [
      { url: 'https://{api}', variables: { api: { default: 'api.example', description: 'See the hand-over guide.' } } },
    ],
    security: [{ sigv4: [] }],
    paths,
    components: {
      securitySchemes: {
        sigv4: { type: 'apiKey', name: 'Authorization', in: 'header', description: 'AWS Signature Version 4' },
      },
    },
  };
}

function describe(
  name: string,
  place: 'path' | 'query',
  { description, required }: { readonly description: string; readonly required: boolean },
) {
  return { name, in: place, required, schema: { type: 'string' }, description };
}

const malformed = z.object({ reason: z.literal('malformed-request') });

const PARAMETERS: Readonly<Record<string, string>> = {
  agreement: 'The name of the agreement.',
  release: 'Day of the round and leg, joined by a point: `2026-03-01.telco-retail-usage`.',
};

function json(schema: z.ZodType, io: 'input' | 'output') {
  const { $schema: _, ...shape } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' });
  return { 'application/json': { schema: shape } };
}
