import { webCrypto } from '../host/natives.js';
import type { Judgement, Question } from '../wasm/exports.js';

/** What comes of what is judged, once WebCrypto has verified its signatures. */
export async function concluded<T>(judgement: Judgement<T>): Promise<T[]> {
  let question = judgement.next(undefined);
  while (question.length > 0) question = judgement.next(await holds(question as Question));
  return judgement.values();
}

/** Whether a signature holds; undefined where this runtime cannot tell, for it lacks the algorithm or refuses the key. */
async function holds([format, key, algorithm, verify, signature, message]: Question): Promise<boolean | undefined> {
  try {
    const { subtle } = webCrypto();
    const imported = await subtle.importKey(format, key, algorithm, false, ['verify']);
    return (await subtle.verify(verify, imported, signature, message)) === true;
  } catch {
    return undefined;
  }
}
