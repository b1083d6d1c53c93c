import { answerRequest, type RequestEvent } from '../../../../lambda/decide/answer-request';
import { API_OPERATIONS } from '../../../../lib/domain/enforcement/api-operations';
import { recordLog } from '../../../fixtures/recorded-log';

const event = (routeKey: string, more: Partial<RequestEvent> = {}): RequestEvent => ({
  routeKey,
  pathParameters: { agreement: 'telco-retail-2026' },
  requestContext: { requestId: 'r-1', authorizer: { iam: { accountId: '111122223333' } } },
  ...more,
});

test.each(API_OPERATIONS.map(({ id, method, path }) => [id, `${method} ${path}`]))(
  '%s is forbidden',
  (operation, route) => {
    const { log, lines } = recordLog();
    const { statusCode, body } = answerRequest(event(route), log);
    expect(statusCode).toBe(403);
    expect(JSON.parse(body ?? '')).toEqual({ decision: 'forbid', reason: 'no-policy' });
    const who = { agreement: 'telco-retail-2026', account: '111122223333', request: 'r-1' };
    expect(lines).toEqual([['warn', 'Request forbidden', { reason: 'no-policy', operation, ...who }]]);
  },
);

const READ = 'GET /agreements/{agreement}';
test.each<[string, RequestEvent, string]>([
  ['an operation that is none', event('DELETE /agreements/{agreement}'), 'unknown-operation'],
  ['the default route', event('$default'), 'unknown-operation'],
  ['nobody', event(READ, { requestContext: { requestId: 'r-1' } }), 'unknown-caller'],
  [
    'no account',
    event(READ, { requestContext: { requestId: 'r', authorizer: { iam: { accountId: '' } } } }),
    'unknown-caller',
  ],
  ['no agreement', event(READ, { pathParameters: {} }), 'no-agreement-named'],
])('%s is forbidden, and why is said', (_, request, reason) => {
  const { log, lines } = recordLog();
  const { statusCode, body } = answerRequest(request, log);
  expect([statusCode, JSON.parse(body ?? '').reason]).toEqual([403, reason]);
  expect(lines).toHaveLength(1);
});

test('what the caller chooses does not fill the log', () => {
  const { log, lines } = recordLog();
  answerRequest(event(READ, { pathParameters: { agreement: 'x'.repeat(5000) } }), log);
  expect(JSON.stringify(lines).length).toBeLessThan(400);
});
