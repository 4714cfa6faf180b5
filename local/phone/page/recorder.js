// The microphone: recording until told to stop, and what stands in the way, in words.

export const LONGEST_SECONDS = 600;
const FORMATS = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"];

/** Start recording; calls `tick` with the seconds so far, and `full` when it is as long as it may be.
 *
 * Gives { stop, cancel }: `stop` gives the recording as a Blob. Throws an Error with a sentence to show. */
export async function record({ tick, full }) {
  const stream = await microphone();
  const format = FORMATS.find((each) => MediaRecorder.isTypeSupported(each));
  const recorder = new MediaRecorder(stream, format ? { mimeType: format, audioBitsPerSecond: 32_000 } : {});
  const parts = [];
  recorder.addEventListener("dataavailable", ({ data }) => data.size && parts.push(data));
  const ended = new Promise((resolve) => recorder.addEventListener("stop", resolve, { once: true }));
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  recorder.start(1000);
  const timer = setInterval(() => {
    tick(seconds());
    if (seconds() >= LONGEST_SECONDS) full();
  }, 250);
  tick(0);

  const end = async () => {
    clearInterval(timer);
    if (recorder.state !== "inactive") recorder.stop();
    await ended;
    for (const track of stream.getTracks()) track.stop();
  };
  return {
    seconds,
    cancel: end,
    async stop() {
      await end();
      return new Blob(parts, { type: recorder.mimeType.replaceAll(" ", "") });
    },
  };
}

async function microphone() {
  if (!navigator.mediaDevices || !window.MediaRecorder) {
    throw new Error("This browser gives its microphone only to https pages and to 127.0.0.1. Attach a file instead.");
  }
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch (error) {
    if (error.name === "NotFoundError") throw new Error("There is no microphone here. Attach a file instead.");
    if (error.name === "NotAllowedError") {
      throw new Error("The microphone is not allowed. Allow it for this page in the browser's settings, or attach a file.");
    }
    throw new Error("The microphone cannot be used. Is another program using it? Attach a file instead.");
  }
}

/** A recording as a telephone carries it: WAV, one channel, 8000 samples of 16 bits a second. */
export async function telephone(blob) {
  const rate = 8000;
  const decoder = new AudioContext();
  const heard = await decoder.decodeAudioData(await blob.arrayBuffer());
  await decoder.close();
  const line = new OfflineAudioContext(1, Math.max(1, Math.ceil(heard.duration * rate)), rate);
  const source = new AudioBufferSourceNode(line, { buffer: heard });
  source.connect(line.destination);
  source.start();
  const samples = (await line.startRendering()).getChannelData(0);
  return new Blob([header(samples.length, rate), Int16Array.from(samples, (each) => Math.max(-1, Math.min(1, each)) * 32767)], { type: "audio/wav" });
}

function header(count, rate) {
  const bytes = new DataView(new ArrayBuffer(44));
  const text = (at, letters) => [...letters].forEach((letter, index) => bytes.setUint8(at + index, letter.charCodeAt(0)));
  text(0, "RIFF");
  bytes.setUint32(4, 36 + 2 * count, true);
  text(8, "WAVEfmt ");
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true); // PCM
  bytes.setUint16(22, 1, true); // one channel
  bytes.setUint32(24, rate, true);
  bytes.setUint32(28, 2 * rate, true);
  bytes.setUint16(32, 2, true);
  bytes.setUint16(34, 16, true);
  text(36, "data");
  bytes.setUint32(40, 2 * count, true);
  return bytes.buffer;
}

/** The beep before a recording. Resolves when it is over. */
export async function beep() {
  const context = new AudioContext();
  const tone = new OscillatorNode(context, { frequency: 1000 });
  const quiet = new GainNode(context, { gain: 0.15 });
  tone.connect(quiet).connect(context.destination);
  tone.start();
  await new Promise((resolve) => setTimeout(resolve, 350));
  await context.close();
}

/** Seconds as a phone shows them: 0:07, 10:00. */
export const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
