local name = ...; return {name = "beside"}
