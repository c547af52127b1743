import fc from 'fast-check';

const USUAL = 20_261_122;

// What holds guards main must say the same twice; LANDFALL_SEED looks elsewhere.
fc.configureGlobal({ seed: Number(process.env['LANDFALL_SEED'] ?? USUAL) });
