/** Prints what certificates cost, and the spans of the calls that it took. */
import { BasicTracerProvider, ConsoleSpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { CertsClient } from 'markmonitor-certs';
import { traced } from './telemetry.mjs';

// With NodeSDK and an OTLP exporter, as you have it: `traced(client)` takes the tracer that is registered.
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(new ConsoleSpanExporter())] });
const client = new CertsClient({ readOnly: true });
const call = traced(client, { tracer: provider.getTracer('prices') });

const prices = await call('orders.prices', (it) => it.orders.prices());
for (const { certType, totalPrice } of prices) console.log(certType, totalPrice);
client.close();
await provider.shutdown();
