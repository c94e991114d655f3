/** Services that let `limit` requests through per `windowMs`, each by another way of counting. Times are milliseconds. */
const limit = 100;
const windowMs = 60_000;

/** A count that starts over whenever the clock passes a multiple of the window. */
function fixedWindow() {
  let [current, count] = [0, 0];
  return (now) => {
    const at = Math.floor(now / windowMs);
    if (at !== current) [current, count] = [at, 0];
    count += 1;
    return count <= limit;
  };
}

/** The exact times of all that were let through within the window. */
function slidingLog() {
  let log = [];
  return (now) => {
    log = log.filter((arrived) => arrived + windowMs >= now);
    if (log.length >= limit) return false;
    log.push(now);
    return true;
  };
}

/** Two fixed windows, of which the previous one fades while the current one passes. */
function slidingCounter() {
  let [current, count, previous] = [0, 0, 0];
  return (now) => {
    const at = Math.floor(now / windowMs);
    if (at !== current) [current, previous, count] = [at, at === current + 1 ? count : 0, 0];
    const weighed = previous * (1 - (now % windowMs) / windowMs) + count + 1;
    if (weighed > limit) return false;
    count += 1;
    return true;
  };
}

/** Tokens that fill up evenly, at most as many as the limit. */
function tokenBucket() {
  let [level, filled] = [limit, 0];
  return (now) => {
    level = Math.min(limit, level + ((now - filled) * limit) / windowMs);
    filled = now;
    if (level < 1) return false;
    level -= 1;
    return true;
  };
}

/** Makes a function that says whether the request that arrives now is let through. */
export const servers = {
  'fixed window': fixedWindow,
  'sliding log': slidingLog,
  'sliding counter': slidingCounter,
  'token bucket': tokenBucket,
};
