// Validates query DTOs. Every broken parameter is named in one answer, with what was given and what
// is allowed.
import { ValidationPipe } from '@nestjs/common';
import { instanceToPlain, plainToInstance } from 'class-transformer';
import { validate, ValidateIf, type ValidationError } from 'class-validator';
import { ProblemException } from './problem';

/** A parameter that is absent is not checked; one that is there must be right. */
export const WhenGiven = (): PropertyDecorator => ValidateIf((_query, value) => value !== undefined);

export function queryValidation(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    // Nest would load both packages whole, with every validator that nobody uses.
    validatorPackage: { validate },
    transformerPackage: { classToPlain: instanceToPlain, plainToInstance },
    exceptionFactory: (errors) => new ProblemException('query-invalid', errors.map(describe).join('; ')),
  });
}

function describe(error: ValidationError): string {
  const rules = [...new Set(Object.values(error.constraints ?? {}))].join(' and ');
  return `${rules} (given: ${JSON.stringify(error.value)})`;
}
