-- What reads every curve is compiled.
SET spark.sql.codegen.wholeStage = true;
SET spark.sql.codegen.factoryMode = FALLBACK;
