import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { openLambda } from '../../../../lambda/write-audit-report/ask-lambda';

type Answer = { readonly status: number; readonly type?: string; readonly body?: unknown };

/** Answers in turn, and notes what was asked. */
async function askAll(answers: readonly Answer[], marker?: string) {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    const { status, type, body = {} } = answers[asked.length] ?? { status: 200 };
    asked.push(request);
    response.writeHead(status, type === undefined ? {} : { 'x-amzn-errortype': type }).end(JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'KEY', secretAccessKey: 'secret' };
  try {
    const ask = openLambda(new S3Client({ region: 'eu-central-1', credentials }), 1);
    return { answer: await ask(marker).catch((error: Error) => error.message), asked };
  } finally {
    delete process.env.AWS_ENDPOINT_URL;
    await new Promise((closed) => server.close(closed));
  }
}

it('asks for a page of functions, signed for Lambda in the client’s region', async () => {
  const { answer, asked } = await askAll([{ status: 200, body: { Functions: [] } }], 'a+b/c=');
  expect(answer).toEqual({ Functions: [] });
  expect(asked.map(({ method, url }) => [method, url])).toEqual([['GET', '/2015-03-31/functions?Marker=a%2Bb%2Fc%3D']]);
  expect(asked[0]!.headers.authorization).toMatch(/Credential=KEY\/\d{8}\/eu-central-1\/lambda\/aws4_request/);
});

it.each<[string, Answer]>([
  ['throttled', { status: 429 }],
  ['throttled by another name', { status: 400, type: 'ThrottlingException' }],
  ['failing', { status: 503 }],
])('asks again where Lambda is %s', async (_, answer) => {
  expect((await askAll([answer, { status: 200, body: { Functions: [] } }])).asked).toHaveLength(2);
});

it('asks no more where it is refused, and gives up after five times', async () => {
  const refused = await askAll([{ status: 403 }]);
  expect([refused.asked.length, refused.answer]).toEqual([1, expect.stringContaining('it answered with 403')]);
  const failing = await askAll(Array.from({ length: 9 }, () => ({ status: 500 })));
  expect([failing.asked.length, failing.answer]).toEqual([5, expect.stringContaining('it answered with 500')]);
});
