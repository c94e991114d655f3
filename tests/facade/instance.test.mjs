import assert from 'node:assert/strict';
import { before, beforeEach, describe, it } from 'node:test';
import { loadFacade } from './support/facade.mjs';

/** What no test here may see: the guard is there so that a broken core ends no process. */
const uncaught = [];
process.on('uncaughtException', (error) => uncaught.push(error));
process.on('unhandledRejection', (reason) => uncaught.push(reason));
const aTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('an instance', () => {
  let facade;
  before(async () => {
    facade = await loadFacade();
  });

  const trap = new WebAssembly.RuntimeError('unreachable');
  const trapping = () => {
    throw trap;
  };
  let instance;
  let breaks;
  beforeEach(() => {
    breaks = 0;
    instance = new facade.Instance(
      (guard) => guard({ memory: 'memory', run: (work) => work?.(), call: (start, done) => start(done) }),
      () => {
        breaks += 1;
      },
    );
  });
  const { exports } = { exports: () => instance.exports };
  const isInternal = (error) =>
    error instanceof facade.InternalError && error.code === 'internal' && error.cause === trap;

  it('hands on what is not a function', () => {
    assert.equal(exports().memory, 'memory');
  });

  it('returns what is returned, and throws what is thrown outside of wasm', () => {
    assert.equal(
      instance.enter(({ run }) => run(() => 5)),
      5,
    );
    const refusal = { type: 'ValidationError' };
    const refused = () =>
      instance.enter(({ run }) => {
        run();
        throw refusal;
      });
    assert.throws(refused, (reason) => reason === refusal);
    assert.equal(instance.isBroken, false);
  });

  it('ends a call as it ends', async () => {
    assert.equal(await instance.call((_, done) => setImmediate(done, undefined, 5)), 5);
    const failure = { type: 'NotFoundError' };
    await assert.rejects(
      instance.call((_, done) => done(failure)),
      (reason) => reason === failure,
    );
    await assert.rejects(
      instance.call(() => {
        throw failure;
      }),
      (reason) => reason === failure,
    );
  });

  it('that breaks in a call of ours throws there', () => {
    assert.throws(() => instance.enter(({ run }) => run(trapping)), isInternal);
    assert.equal(breaks, 1);
  });

  it('that breaks by itself rejects every call under way, and what called it sees nothing', async () => {
    const calls = [1, 2, 3].map(() => instance.call(() => {}));
    const ended = await instance.call((_, done) => done(undefined, 'ended'));
    // As a microtask, a timer or a listener does.
    assert.deepEqual(exports().run(trapping), []);
    for (const call of calls) await assert.rejects(call, isInternal);
    assert.equal(ended, 'ended');
    assert.equal(breaks, 1);
  });

  it('that breaks cancels what is under way for it, once', () => {
    const canceled = [];
    for (const what of ['a request', 'a timer']) instance.underWay.add(() => canceled.push(what));
    exports().run(trapping);
    exports().run(trapping);
    assert.deepEqual(canceled, ['a request', 'a timer']);
  });

  it('holds idle memory only while no call is under way', async () => {
    const buffer = { byteLength: 5 };
    const holding = new facade.Instance(
      (guard) => guard({ memory: { buffer }, call: (done) => done }),
      () => {},
    );
    assert.equal(holding.idleBytes, 5);
    let end;
    const call = holding.call((_, done) => {
      end = done;
    });
    assert.equal(holding.idleBytes, 0);
    end();
    await call;
    buffer.byteLength = 7;
    assert.equal(holding.idleBytes, 7);
  });

  it('that is broken lets nothing in', async () => {
    exports().run(trapping);
    let reached = 0;
    const reach = () => {
      reached += 1;
    };
    assert.deepEqual(exports().run(reach), []);
    assert.throws(() => instance.enter(({ run }) => run(reach)), isInternal);
    await assert.rejects(
      instance.call(({ run }) => run(reach)),
      isInternal,
    );
    assert.equal(reached, 0);
    assert.equal(breaks, 1);
  });

  it('that breaks below wasm that still runs stops that too', () => {
    let wentOn = false;
    const outer = () => {
      // As an import that may fail: wasm gets the failure, and would continue.
      try {
        exports().run(trapping);
      } catch (error) {
        assert.equal(error, trap);
      }
      exports().run();
      wentOn = true;
    };
    assert.throws(() => instance.enter(({ run }) => run(outer)), isInternal);
    assert.equal(wentOn, false);
    assert.equal(breaks, 1);
  });

  it('that breaks while a call starts rejects that call', async () => {
    await assert.rejects(
      instance.call(({ run }) => run(trapping)),
      isInternal,
    );
    // The other way round: the call has started, and a callback that it waits for breaks it.
    const call =
      facade &&
      new facade.Instance(
        (guard) => guard({ run: (work) => work() }),
        () => {},
      );
    const waiting = call.call(() => queueMicrotask(() => call.exports.run(trapping)));
    await assert.rejects(waiting, isInternal);
  });

  it('hears of the end of a call once, and not after it broke', async () => {
    let end;
    const call = instance.call((_, done) => {
      end = done;
    });
    exports().run(trapping);
    end(undefined, 'too late');
    await assert.rejects(call, isInternal);
  });

  it('leaves nothing uncaught', async () => {
    await aTurn();
    assert.deepEqual(uncaught, []);
  });
});

describe('a flight', () => {
  let Flight;
  before(async () => {
    ({ Flight } = await loadFacade());
  });
  const listeners = () => {
    const signal = { listening: new Set() };
    signal.addEventListener = (_, listener) => signal.listening.add(listener);
    signal.removeEventListener = (_, listener) => signal.listening.delete(listener);
    return signal;
  };

  it('ends alike for all who wait, and leaves no listener', async () => {
    const [landed, crashed] = [new Flight(aTurn().then(() => 5)), new Flight(aTurn().then(() => Promise.reject('no')))];
    const signals = [listeners(), listeners()];
    assert.deepEqual(await Promise.all([landed.wait(), landed.wait(signals[0])]), [5, 5]);
    for (const wait of [crashed.wait(), crashed.wait(signals[1])])
      await assert.rejects(wait, (reason) => reason === 'no');
    for (const { listening } of signals) assert.equal(listening.size, 0);
  });

  it('is left by one whose signal is aborted, and the others wait on', async () => {
    const controller = new AbortController();
    let land;
    const flight = new Flight(
      new Promise((resolve) => {
        land = resolve;
      }),
    );
    const [leaving, staying] = [flight.wait(controller.signal), flight.wait()];
    controller.abort('enough');
    await assert.rejects(leaving, (reason) => reason === 'enough');
    land(5);
    assert.equal(await staying, 5);
  });
});

describe('a part that cannot be loaded', () => {
  it('is an error that says what else there is, also where a bundler has `import()` throw at once', async () => {
    const { loadPart } = await loadFacade();
    const throws = () => {
      throw new Error('no importScripts');
    };
    for (const load of [throws, async () => throws()]) {
      await assert.rejects(loadPart('part that renews', load), ({ code, message, cause }) => {
        assert.match(message, /part that renews.*no importScripts.*'markmonitor-certs\/inline'/);
        assert.equal(cause.message, 'no importScripts');
        return code === 'wasm_load_failed';
      });
    }
    assert.equal(await loadPart('part', async () => 1), 1);
  });
});
