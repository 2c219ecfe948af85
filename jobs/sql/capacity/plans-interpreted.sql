-- The archive and the results are small beside the curves, but wide: compiling their plans costs more than interpreting them.
SET spark.sql.codegen.wholeStage = false;
SET spark.sql.codegen.factoryMode = NO_CODEGEN;
