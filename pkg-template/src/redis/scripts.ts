// What has to happen in one step, as Redis runs it. The time is Redis's: those of its clients differ.

const now = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

/** The value and the time. */
export const read = `${now}
return { redis.call('GET', KEYS[1]), now }`;

/**
 * Puts ARGV[4] in the place of ARGV[2], for ARGV[5] milliseconds or, where that is 0, for ever: 1; the value and the time
 * where another value is there. ARGV[1] and ARGV[3] say whether there is an old and a new one.
 */
export const swap = `
local value = redis.call('GET', KEYS[1])
local expected = ARGV[1] == '1' and ARGV[2] or false
if value ~= expected then${now}
  return { value, now }
end
if ARGV[3] == '0' then
  redis.call('DEL', KEYS[1])
elseif ARGV[5] == '0' then
  redis.call('SET', KEYS[1], ARGV[4])
else
  redis.call('SET', KEYS[1], ARGV[4], 'PX', ARGV[5])
end
return 1`;

/** Gives a lock back, unless it has ended and somebody else has it. */
export const release = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`;
