// class-validator's index loads every validator it has, phone number metadata included. That costs
// 14 MB and 110 ms in every process, the launcher too. The settings need two of its files (8 ms).
// These declarations give them their types.
declare module 'class-validator/cjs/decorator/common/ValidateBy' {
  export { ValidateBy } from 'class-validator';
}
declare module 'class-validator/cjs/validation/Validator' {
  export { Validator } from 'class-validator';
}
