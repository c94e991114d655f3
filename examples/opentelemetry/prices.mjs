/** Prints what certificates cost, and the spans of the calls that it took. */
import { BasicTracerProvider, ConsoleSpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { CertsClient } from 'markmonitor-certs';
import { traced } from './telemetry.mjs';

// With NodeSDK and an OTLP exporter, as you have it: `traced(client)` takes the tracer that is registered.
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(new ConsoleSpanExporter())] });
const client = new CertsClient({ readOnly: true });
traced(client, provider.getTracer('prices'));

for (const { certType, totalPrice } of await client.orders.prices()) console.log(certType, totalPrice);
client.close();
await provider.shutdown();
