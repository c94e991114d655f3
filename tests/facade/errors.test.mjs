import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { inspect } from 'node:util';
import { loadFacade } from './support/facade.mjs';

const api = {
  code: 'x',
  message: 'No.',
  status: 400,
  method: 'GET',
  url: 'https://x',
  headers: [['x-a', 'b']],
  body: { errors: [] },
  problems: [{ field: 'f' }],
  attempts: 2,
  mayHaveBeenApplied: true,
};

const applied = { message: 'No.', mayHaveBeenApplied: true };

/** What the core says, and what the error then has. */
const failures = {
  BadRequestError: api,
  AuthenticationError: api,
  SessionEndedError: api,
  PermissionDeniedError: api,
  NotFoundError: { ...api, requestId: 'r' },
  ConflictError: api,
  RateLimitError: { ...api, retryAfterMs: 5 },
  ServerError: { ...api, retryAfterMs: 5 },
  ApiError: api,
  ConnectionError: { code: 'connection', message: 'No.', mayHaveBeenApplied: true },
  TimeoutError: { code: 'timeout', message: 'No.', mayHaveBeenApplied: false, phase: 'queue' },
  DecodeError: { ...applied, code: 'decode', status: 200, bodyText: 'text', path: 'content[3].id' },
  OutcomeUnknownError: { ...applied, code: 'outcome_unknown' },
  OrderDiffersError: { code: 'order_differs', message: 'No.', order: { id: 'x' }, differences: ['names'] },
  QueueFullError: { code: 'queue_full', message: 'No.' },
  ValidationError: { code: 'invalid', message: 'No.', findings: [{ code: 'c' }] },
  WaitError: { code: 'wait_failed', message: 'No.', reason: 'failed', last: { id: 'x' } },
  ParseError: { code: 'wrong_kind', message: 'No.', offset: 3 },
  CertsError: { code: 'closed', message: 'No.' },
};

describe('a failure of the core becomes', () => {
  let facade;
  before(async () => {
    facade = await loadFacade();
  });

  for (const [type, fields] of Object.entries(failures)) {
    it(`a ${type}, with all that the core says`, () => {
      const error = facade.errorOf({ type, ...fields });
      assert.ok(error instanceof facade[type] && error instanceof facade.CertsError && error instanceof Error);
      assert.equal(error.name, type);
      const { headers, ...rest } = fields;
      for (const [name, value] of Object.entries(rest)) assert.deepEqual(error[name], value, name);
      assert.equal(JSON.parse(JSON.stringify(error)).retryAfterMs, fields.retryAfterMs);
      if (headers) assert.deepEqual([...error.headers], headers);
    });
  }

  it('an error that says what the caller’s own part failed with, and nothing else of that', () => {
    const error = facade.errorOf({
      type: 'CertsError',
      code: 'store_failed',
      message: 'No.',
      causedBy: 'the disk is full',
    });
    assert.ok(error.cause instanceof Error);
    assert.deepEqual(
      [error.cause.message, error.mayHaveBeenApplied, error.causedBy],
      ['the disk is full', false, undefined],
    );
  });

  it('every class there is', () => {
    const classes = Object.keys(facade).filter((name) => name.endsWith('Error') && name !== 'InternalError');
    assert.deepEqual(Object.keys(failures).sort(), classes.sort());
  });

  it('a CertsError where a newer core names a class that is not there', () => {
    assert.equal(facade.errorOf({ type: 'NewError', code: 'new', message: 'No.' }).constructor, facade.CertsError);
  });

  it('the signal’s own reason where the call was aborted', () => {
    assert.equal(facade.errorOf({ type: 'Aborted' }, AbortSignal.abort('enough')), 'enough');
  });

  it('nothing else where it is not one', () => {
    for (const reason of [new TypeError('x'), 'x', undefined, {}]) assert.equal(facade.errorOf(reason), reason);
  });

  it('an InternalError where the core could not say what failed', () => {
    assert.ok(facade.errorOf(null) instanceof facade.InternalError);
  });

  it('one line that a log can hold, whatever the service says', () => {
    const controls = String.fromCharCode(...Array(32).keys(), 127, 0x85, 0x9b, 0x2028, 0x2029);
    const said = {
      'control characters': `a${controls}b`,
      'two megabytes': `Begin. ${'x'.repeat(2e6)} Try again.`,
      'two megabytes of them': controls.repeat(6e4),
    };
    for (const [type, fields] of Object.entries(failures)) {
      for (const [what, message] of Object.entries(said)) {
        const problems = Array(20_000).fill({ field: message, code: message, message });
        const error = facade.errorOf({ type, ...fields, message, ...(fields.problems && { problems }) });
        assert.doesNotMatch(error.message, /[\p{Cc}\p{Zl}\p{Zp}]/u, what);
        assert.ok(error.message.length < 2100, `${type}, ${what}: ${error.message.length}`);
        if (what === 'two megabytes') assert.match(error.message, /^Begin\. x+… x+ Try again\.$/);
        assert.ok(JSON.stringify(error).length < 70_000, `${type}, ${what}`);
        if (fields.problems) assert.equal(error.problems.length, 20_000);
      }
    }
  });

  it('no place where a body or a header is logged', () => {
    const error = facade.errorOf({ type: 'NotFoundError', ...api, body: 'the body', headers: [['x-a', 'the header']] });
    for (const output of [JSON.stringify(error), inspect(error), String(error)]) {
      assert.doesNotMatch(output, /the body|the header/);
    }
    assert.match(inspect(error), /status: 400/);
  });
});
